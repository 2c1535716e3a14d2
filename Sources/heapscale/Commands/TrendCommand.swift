import ArgumentParser
import Findings
import Foundation
import Model
import Reports
import Store

/// `heapscale trend`: one metric over many sessions.
struct TrendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Shows how a metric went over the stored sessions, cell by cell.",
    discussion: """
      Sessions are comparable where the same workload ran with the same parameters, variant and settings on a machine of \
      the same class (architecture, CPU, cores, page size, huge pages). Each is compared with the one before and with the \
      first, as two samples that were not measured together: sound for counts and resident memory, weak for times. What \
      else changed in between (kernel, libc, an allocator's file) stands below.

        heapscale trend                                        peak resident of everything measured twice
        heapscale trend --metric cpu --workload larson --variant glibc/static --last 20
      """)

  @Option(help: "The metric; `heapscale list metrics` names them all.")
  var metric = "peak_resident"

  @Option(help: "Only this workload or arm.")
  var workload: String?

  @Option(help: "Only this variant.")
  var variant: String?

  @Option(help: "Only the last so many sessions of each cell, 2 or more.")
  var last: Int?

  @Option(
    help: "Also write the trend as JSON (schema heapscale-trend/1) to this file; - for standard output.")
  var json: String?

  @Option(help: "Also write it as a page to this file; - for standard output.")
  var html: String?

  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      for path in [json, html].compactMap(\.self) where path != "-" { try OutputFile.check(path) }
      let opened = try bench.openStore(store)
      let trend = try trend(opened)
      let options = ReportOptions(
        width: Terminal.width(bench.environment), colour: Terminal.usesColour(bench.environment))
      if json != "-", html != "-" { Terminal.output(TrendText.terminal(trend, options: options)) }
      if let json { try write(TrendText.json(trend), to: json) }
      if let html { try write(try TrendPage.render(trend, version: Version.text), to: html) }
    }
  }

  private func write(_ text: String, to path: String) throws(OutputError) {
    if path == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: path) }
  }

  private func trend(_ opened: Store) throws -> Trend {
    let known = Measurement.definitions
    guard let definition = known.first(where: { $0.id.rawValue == metric }) else {
      throw InputError.unknown("metric", metric, among: known.map(\.id.rawValue))
    }
    if let last, last < 2 { throw InputError("--last \(last) leaves nothing to compare", hint: "2 or more") }
    let wanted = try variant.map { try Variant(parsing: $0) }
    if let workload {
      let workloads = try opened.knownWorkloads()
      guard workloads.contains(workload) else {
        throw InputError.unknown("workload", workload, among: workloads, in: "the store")
      }
    }
    let readings = try opened.trendReadings(
      of: definition.id, workload: workload, variant: wanted, last: last)
    return try Trends.make(definition, readings, last: last)
  }
}
