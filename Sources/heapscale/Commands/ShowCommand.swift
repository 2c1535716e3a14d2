import ArgumentParser
import Foundation
import Model
import Reports
import Store

/// `heapscale show`: what is stored.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a stored session: its table, its host, or one trial with its curve.",
    discussion: """
        heapscale show                         the last session's table
        heapscale show 20260102                the session whose name begins so
        heapscale show --list                  all sessions
        heapscale show --host                  host, plan and files of the session
        heapscale show --template libc         what libc, linkage and allocator change, apart from each other
        heapscale show --curve sawtooth --variant musl/static
                                               resident and live bytes over time of one trial, its processes and figures
        heapscale show --curve server --settings tight --block 3
                                               of that arm with those settings, in the third block
      """)

  @Argument(help: "A session: its name, the beginning of it, or latest.")
  var session = "latest"

  @Flag(help: "List all sessions.")
  var list = false

  @Flag(help: "Show host, plan and files instead of the table.")
  var host = false

  @Option(help: "Arrange the session by another question than which variant is best: libc.")
  var template: String?

  @Option(
    help:
      "Show one trial of this workload, with parameters as in tables ('larson threads=4'), or of this arm, with its curve."
  )
  var curve: String?

  @Option(help: "With --curve: the variant. (default: the plan's reference, or the first there is)")
  var variant: String?

  @Option(help: "With --curve: the settings set. (default: none, or the first there is)")
  var settings: String?

  @Option(
    parsing: .unconditional,
    help:
      "With --curve: the block, from 1; warm-up blocks from -1. (default: the one whose peak is the median)")
  var block: Int?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      let opened = try bench.openStore(store)
      let options = try output.reportOptions(bench.environment)
      if list {
        Terminal.output(ShowReport.sessions(try opened.sessionEntries(), options: options))
        return
      }
      let found = try opened.session(matching: session)
      if host {
        Terminal.output(ShowReport.session(found, options: options))
      } else if let curve {
        try showTrial(of: curve, in: found, opened, options)
      } else {
        let analysis = try opened.analysis(of: found)
        if let template {
          _ = try ReportTemplate(named: template)
          try LibcTemplate(found, analysis.measurements(), metrics: options.metrics)
            .show(output, environment: bench.environment)
          return
        }
        let comparisons = Comparisons.all(of: found.plan, analysis.measurements())
        try output.write(analysis.result(), comparisons, environment: bench.environment)
        try output.writePage(of: found, in: opened, environment: bench.environment)
      }
    }
  }

  private func showTrial(
    of name: String, in session: Session, _ opened: Store, _ options: ReportOptions
  ) throws {
    let choice = try TrialChoice(
      subject: name, variant: variant, settings: settings, block: block, in: session, opened)
    if let note = choice.note { Terminal.note(note) }
    Terminal.output(
      ShowReport.trial(choice.trial, of: choice.cell, metrics: Measurement.definitions, options: options))
  }
}
