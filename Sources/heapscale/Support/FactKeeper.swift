import Experiments
import Model
import Store
import Synchronization

/// Keeps the facts of a session true in its store while it is measured.
final class FactKeeper: Sendable {
  private let identity: ExperimentIdentity
  private let store: Store
  private let session: String
  private let kept: Mutex<[ExperimentFact]>

  init(identity: ExperimentIdentity, store: Store, session: Session) {
    self.identity = identity
    self.store = store
    self.session = session.id
    kept = Mutex(session.facts)
  }

  /// What is known now.
  var facts: [ExperimentFact] { kept.withLock { $0 } }

  /// Adds the code that was mapped in a trial, and drops files that the program itself writes: they change in each
  /// trial and say nothing of the next.
  func note(mappedFiles paths: [String]) throws {
    let before = facts
    let (identity, version) = (identity, Version.text)
    let (now, mapped) = try MeasuringThread.wait { [before] in
      // A session that began with an older version has no facts, and gets none half way.
      before.isEmpty
        ? ([], []) : (try await identity.facts(version: version), try await identity.mapped(paths))
    }
    guard !before.isEmpty else { return }
    let values = Dictionary(now.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    var after = before.filter { $0.kind != .file || !$0.name.hasPrefix("/") || values[$0.name] == $0.value }
    let known = Set(after.filter { $0.kind == .mapped }.map(\.name))
    after += mapped.filter { !known.contains($0.name) }
    guard after != before else { return }
    try store.update(facts: after, session: session)
    kept.withLock { [after] in $0 = after }
  }
}
