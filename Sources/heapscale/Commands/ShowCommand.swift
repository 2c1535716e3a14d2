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
                                               resident and live bytes over time of one trial
      """)

  @Argument(help: "A session: its name, the beginning of it, or latest.")
  var session = "latest"

  @Flag(help: "List all sessions.")
  var list = false

  @Flag(help: "Show host, plan and files instead of the table.")
  var host = false

  @Option(help: "Arrange the session by another question than which variant is best: libc.")
  var template: String?

  @Option(help: "Show one trial of this workload (or arm) with its curve.")
  var curve: String?

  @Option(help: "With --curve: the variant. (default: the plan's reference)")
  var variant: String?

  @Option(help: "With --curve: the block, from 1. (default: 1)")
  var block = 1

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      let opened = try bench.openStore(store.store, mode: .readOnly)
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
    let cells = try opened.cells(session: session.id)
    let names = cells.map { $0.subject.arm ?? $0.subject.workload }
    guard names.contains(name) else {
      throw InputError.unknown("workload", name, among: Array(Set(names)), in: "session \(session.id)")
    }
    let wanted = try variant.map { try Variant(parsing: $0) } ?? session.plan.reference
    guard
      let cell = cells.first(where: {
        ($0.subject.arm ?? $0.subject.workload) == name && $0.variant == wanted
      })
    else {
      throw InputError.unknown(
        "variant", wanted.description, among: Array(Set(cells.map(\.variant.description))),
        in: "session \(session.id)")
    }
    guard let trial = try opened.trial(session: session.id, cellKey: cell.key, block: block - 1) else {
      throw InputError("session \(session.id) has no block \(block) of \(name) on \(wanted)")
    }
    Terminal.output(ShowReport.trial(trial, of: cell, metrics: Measurement.definitions, options: options))
  }
}
