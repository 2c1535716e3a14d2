import ArgumentParser
import Foundation
import Model
import Reports
import Store

/// `heapscale export`: a session for other tools and other machines.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a stored session in another format, or takes one in from another machine.",
    discussion: """
        heapscale export                              the last session as JSON (schema heapscale/2)
        heapscale export 20260102 --format csv -o values.csv
        heapscale export --format session -o s.json   everything, trials and curves included
        heapscale export --take-in s.json             adds such a file to the store

      Formats: \(ReportRegistry.all.map { "\($0.id) (\($0.summary))" }.joined(separator: "; ")); \
      session (the whole session with all trials and curves, to be taken in elsewhere).
      """)

  @Argument(help: "A session: its name, the beginning of it, or latest.")
  var session = "latest"

  @Option(help: "The format.")
  var format = "json"

  @Option(name: [.customShort("o"), .customLong("output")], help: "The file; - for standard output.")
  var file = "-"

  @Option(help: "Only these metrics, separated by commas. (default: the format's own choice)")
  var metrics: String?

  @Option(help: "Take in a session that was exported elsewhere with --format session.")
  var takeIn: String?

  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      if let takeIn {
        try importSession(takeIn, bench)
        return
      }
      if file != "-" { try OutputFile.check(file) }
      let opened = try bench.openStore(store)
      let found = try opened.session(matching: session)
      let text: String
      if format == "session" {
        text = String(decoding: try opened.document(session: found.id), as: UTF8.self)
      } else {
        let renderer = try ReportRegistry.format(named: format)
        let chosen = metrics?.split(separator: ",").map { MetricID(String($0)) }
        text = try renderer.render(
          try opened.result(of: found), options: ReportOptions(metrics: chosen, width: 200))
      }
      if file == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: file) }
    }
  }

  private func importSession(_ path: String, _ bench: Workbench) throws {
    let data = try InputFile.read(
      path, as: "document", atMost: InputFile.document,
      hint: "name a file made by `heapscale export --format session`")
    let report = try bench.openStore(store.store, mode: .create).importDocument(data)
    Terminal.note(
      "taken in: \(report.sessionsAdded) new sessions, \(report.trialsAdded) trials; \(report.trialsPresent) were here already"
    )
  }
}
