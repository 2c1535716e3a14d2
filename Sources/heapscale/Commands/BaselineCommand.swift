import ArgumentParser
import Findings
import Foundation
import Model
import Reports
import Store

/// `heapscale baseline`: figures that a team keeps.
struct BaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Saves, shows and compares baselines: the figures that later ones are checked against.",
    discussion: """
      A baseline is a small JSON file with the raw values of a session and a fingerprint of the machine, one file for each \
      class of machines. Commit it, and let `heapscale check` compare with it.
      """,
    subcommands: [BaselineSave.self, BaselineShow.self, BaselineCompare.self])
}

/// `heapscale baseline save`.
struct BaselineSave: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Writes the values of a stored session to a file.")

  @Argument(help: "The session. (default: the last one)")
  var session: String?

  @Option(help: "The file. (default: Results/baselines/CLASS-OF-MACHINE.json)")
  var file: String?

  @Option(help: "Only these metrics, separated by commas. (default: all)")
  var metrics: String?

  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      guard !store.redaction.redact else {
        throw InputError(
          "a baseline is what later sessions are compared with, so that it cannot be redacted",
          hint: "show a report of the session to others: heapscale report --redact")
      }
      let opened = try bench.openStore(store.store, mode: .readOnly)
      let found = try opened.session(matching: session ?? "latest")
      let measured = try chosen(try opened.analysis(of: found).measurements())
      let baseline = Baseline(session: found, measurements: measured)
      let path = try file ?? usualPlace(baseline, bench)
      try OutputFile.write(bytes: Array(try BaselineFile.data(baseline)), to: path)
      Terminal.output("\(path): \(baseline.cells.count) cells of session \(found.id)\n")
    }
  }

  /// The measurements with the chosen metrics only.
  private func chosen(_ measured: Measurements) throws(InputError) -> Measurements {
    guard let metrics else { return measured }
    let ids = metrics.split(separator: ",").map { MetricID(String($0)) }
    let known = measured.definitions.map(\.id)
    for id in ids where !known.contains(id) {
      throw InputError.unknown("metric", id.rawValue, among: known.map(\.rawValue))
    }
    var result = measured
    result.definitions.removeAll { !ids.contains($0.id) }
    for index in result.cells.indices {
      result.cells[index].readings = result.cells[index].readings.filter { ids.contains($0.key) }
    }
    return result
  }

  private func usualPlace(_ baseline: Baseline, _ bench: Workbench) throws -> String {
    let folder = "\(bench.folder.results)/baselines"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return "\(folder)/\(baseline.fingerprint.machineClass).json"
  }
}

/// `heapscale baseline show`.
struct BaselineShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Says what a baseline holds, and where it was measured.")

  @Argument(help: "The file.")
  var file: String

  func run() async throws {
    try await Failure.handled {
      let baseline = try Gate.baseline(file)
      var lines = ["\(baseline.title), session \(baseline.session)"]
      lines += baseline.fingerprint.facts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
      lines += baseline.fingerprint.files.sorted { $0.key < $1.key }.map {
        "  \($0.key): SHA-256 \($0.value)…"
      }
      lines += baseline.cells.map { "\($0.cell.key): \($0.trials) trials, \($0.readings.count) metrics" }
      Terminal.output(lines.map(SentenceText.plain).joined(separator: "\n") + "\n")
    }
  }
}

/// `heapscale baseline compare`.
struct BaselineCompare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares a stored session with a baseline, without measuring.")

  @Argument(help: "The baseline's file.")
  var file: String

  @Argument(help: "The session. (default: the last one)")
  var session: String?

  @Flag(help: "Exit code 7 when a verdict that gates could not be reached.")
  var strict = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ComparisonOutputOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      try output.checkWritable()
      let opened = try bench.openStore(store)
      let found = try opened.session(matching: session ?? "latest")
      let gate = Gate(thresholds: try output.thresholds())
      let outcome = try gate.judge(
        found, try opened.analysis(of: found).measurements(),
        against: try store.redaction.applied(to: Gate.baseline(file), bench))
      try output.write(outcome.result, session: found, environment: bench.environment)
      try outcome.finish(strict: strict)
    }
  }
}
