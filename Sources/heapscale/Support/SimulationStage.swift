import Experiments
import Model
import Reports
import Store

/// The simulations of a session, after its trials: each is stored as soon as it is there.
struct SimulationStage {
  let bench: Workbench
  let store: Store
  let isQuiet: Bool

  /// Simulates the cells that have no simulation yet, if the plan asks for any.
  ///
  /// Answers the session with them, and whether the user let it come to its end.
  func run(
    _ session: Session, _ cells: [PreparedCell], helper: String, interrupt: Int32
  ) async throws -> (session: Session, isComplete: Bool) {
    let todo = cells.filter { session.simulation(of: $0.cell)?.events == nil }
    guard let limit = session.plan.simulationLimit, !todo.isEmpty else { return (session, true) }
    let simulations = Simulations(
      catalogue: bench.catalogue, helperPath: helper, limit: limit, searchPath: bench.environment["PATH"],
      interrupt: interrupt)
    return try await MeasuringThread.run {
      var session = session
      var started = 0
      let isComplete = try simulations.run(todo) { cell in
        started += 1
        announce(cell, started, of: todo.count)
      } record: { record in
        session.simulations.removeAll { $0.cellKey == record.cellKey }
        session.simulations.append(record)
        try store.update(session: session)
        if let reason = record.unavailable { complain(reason) }
      }
      return (session, isComplete)
    }
  }

  private func announce(_ cell: Cell, _ number: Int, of count: Int) {
    guard !isQuiet else { return }
    if number == 1 {
      Terminal.note(
        "simulating: \(count) \(count == 1 ? "cell" : "cells"), 4 to 6 runs each, 20 to 60 times slower")
    }
    let settings = cell.settings.environment.isEmpty ? "" : " with \(cell.settings.name)"
    Terminal.note(
      SentenceText.plain(
        "  \(number) of \(count): \(cell.subject.arm ?? cell.subject.workload) on \(cell.variant)\(settings)")
    )
  }

  private func complain(_ reason: String) {
    if !isQuiet { Terminal.note(SentenceText.plain("    not simulated: \(reason)")) }
  }
}
