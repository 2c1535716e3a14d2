import ArgumentParser
import Findings
import Foundation
import Model
import Reports

/// `heapscale diff`: two stored sessions.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two stored sessions: what the cells that both have say about the later one.",
    discussion: """
      Trials of two sessions were not interleaved, so that they are compared as two samples. That is sound for counts, \
      and for resident memory on the same machine; times differ between sessions for many reasons besides the program, \
      and only inform. To compare times, measure both together: heapscale compare --arm base=… --arm new=…

        heapscale diff 20261121 20261122
        heapscale diff 20261121 --html diff.html    a page, with both curves of every cell
      """)

  @Argument(help: "The earlier session, or the beginning of its name.")
  var old: String

  @Argument(help: "The later session. (default: the last one)")
  var new: String?

  @Option(help: "Also write it as a page to this file; - for standard output.")
  var html: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ComparisonOutputOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      try output.checkWritable()
      if let html, html != "-" { try OutputFile.check(html) }
      let thresholds = try output.thresholds()
      let opened = try bench.openStore(store)
      let before = try opened.session(matching: old)
      let after = try opened.session(matching: new ?? "latest")
      guard before.id != after.id else {
        throw InputError("both are session \(after.id)", hint: "name two; `heapscale show --list` lists them")
      }
      let result = try Comparing.sessions(
        old: try opened.analysis(of: before).measurements(), oldName: before.id,
        new: try opened.analysis(of: after).measurements(), newName: after.id, thresholds: thresholds)
      if let html {
        try DiffTemplate.write(result, before, after, in: opened, to: html, options: ReportOptions())
        if html == "-" { return }
      }
      try output.write(result, session: after, environment: bench.environment)
    }
  }
}
