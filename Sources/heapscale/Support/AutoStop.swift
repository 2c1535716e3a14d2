import Experiments
import Findings
import Model
import Store
import Synchronization

/// Decides between blocks whether a run has measured enough: from what its trials have said so far.
final class AutoStop: Sendable {
  private let analysis: Mutex<SessionAnalysis>
  private let session: Session
  private let thresholds: Thresholds
  private let rule: StoppingRule

  /// Prepares for a session; nil when its number of trials is fixed. Trials that are stored already count.
  init?(session: Session, cells: [Cell], thresholds: Thresholds, stored: inout TrialCursor) throws {
    guard let stopping = session.plan.stopping else { return nil }
    var analysis = SessionAnalysis(session: session, cells: cells, definitions: Measurement.definitions)
    while let trial = try stored.next() { analysis.add(trial) }
    self.analysis = Mutex(analysis)
    self.session = session
    self.thresholds = thresholds
    rule = StoppingRule(most: session.plan.trials, budget: stopping.budget)
  }

  /// Takes one more trial.
  func add(_ trial: Trial) { analysis.withLock { $0.add(trial) } }

  /// What to do after so many complete blocks.
  func decide(blocks: Int, elapsed: Nanoseconds) -> BlockDecision {
    let measured = analysis.withLock { $0.measurements() }
    let judgements = Comparisons.all(of: session.plan, measured, thresholds: thresholds).flatMap(\.judgements)
    switch rule.decide(blocks: blocks, elapsed: elapsed, judgements: judgements) {
    case .measure(let count): return .measure(upTo: count)
    case .stop(let reason): return .stop(reason)
    }
  }
}
