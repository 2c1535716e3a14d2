import Dispatch
import Model
import Synchronization

/// Records trials behind the back of the thread that measures.
///
/// Trials are written in the order they come, on a queue of its own; those that wait when it gets to write go into one
/// transaction, so that trials of a millisecond do not pay for one each, and none waits for others to come. At most
/// `capacity` trials wait; only when the disk is so slow that more would, `enqueue` waits too, so that
/// memory stays bounded and no trial is lost. Before each one the store's file is looked at: it may have been deleted,
/// replaced or cut short. After a failure nothing more is written; the trials that came through this writer are
/// remembered, without the curves of those that were recorded, so that `Store.rescue` can save them.
public final class TrialWriter: Sendable {
  private let store: Store
  private let session: String
  private let queue = DispatchQueue(label: "heapscale.trial-writer")
  private let room: DispatchSemaphore
  private let failure = Mutex<StoreError?>(nil)
  private let place: Mutex<StorePlace?>
  private let memory = Mutex<[Trial]>([])
  private let waiting = Mutex<[Trial]>([])

  /// So many trials are remembered; the store holds the others as well as it can.
  private static let mostRemembered = 4096

  /// Makes a writer for the trials of one session.
  public init(store: Store, session: String, capacity: Int = 256) {
    self.store = store
    self.session = session
    room = DispatchSemaphore(value: max(1, capacity))
    place = Mutex(StorePlace(path: store.path))
  }

  /// The trials that came through this writer and are remembered, oldest first.
  public var remembered: [Trial] { memory.withLock { $0 } }

  /// Hands a trial over to be recorded.
  ///
  /// Throws: the error that ended the writing of an earlier trial; this one is remembered, not recorded then.
  public func enqueue(_ trial: Trial) throws(StoreError) {
    do { try rethrow() } catch {
      remember(trial)
      throw error
    }
    room.wait()
    waiting.withLock { $0.append(trial) }
    queue.async { [self] in
      let trials = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      record(trials)
      for _ in trials { room.signal() }
    }
  }

  /// Waits until every trial that was handed over is recorded.
  ///
  /// Throws: the first error that occurred. May be called more than once, and between blocks to keep
  /// the writing out of the next measurements.
  public func finish() throws(StoreError) {
    queue.sync {}
    try rethrow()
  }

  private func record(_ trials: [Trial]) {
    guard trials.count > 1, failure.withLock({ $0 == nil }) else { return trials.forEach(record) }
    // When one of them cannot be stored none is, and each is tried alone.
    do throws(StoreError) { try store(trials) } catch { trials.forEach(record) }
  }

  private func record(_ trial: Trial) {
    guard failure.withLock({ $0 == nil }) else { return remember(trial) }
    do throws(StoreError) {
      try store([trial])
    } catch {
      remember(trial)
      failure.withLock { $0 = error }
    }
  }

  private func store(_ trials: [Trial]) throws(StoreError) {
    if let loss = place.withLock({ $0?.loss(at: store.path) }) {
      throw StoreError.displaced(path: store.path, what: loss)
    }
    try store.record(trials, session: session)
    for var recorded in trials {
      recorded.series = nil
      remember(recorded)
    }
  }

  private func remember(_ trial: Trial) {
    memory.withLock {
      if $0.count < TrialWriter.mostRemembered { $0.append(trial) }
    }
  }

  private func rethrow() throws(StoreError) {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
