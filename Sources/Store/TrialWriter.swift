import Dispatch
import Model
import Synchronization

/// Records trials behind the back of the thread that measures.
///
/// Trials are written one transaction each, in the order they come, on a queue of its own. At most
/// `capacity` trials wait; only when the disk is so slow that more would, `enqueue` waits too, so that
/// memory stays bounded and no trial is lost. After a failure nothing more is written: the trials that
/// are missing then are measured again by `run --resume`.
public final class TrialWriter: Sendable {
  private let store: Store
  private let session: String
  private let queue = DispatchQueue(label: "heapscale.trial-writer")
  private let room: DispatchSemaphore
  private let failure = Mutex<StoreError?>(nil)

  /// Makes a writer for the trials of one session.
  public init(store: Store, session: String, capacity: Int = 256) {
    self.store = store
    self.session = session
    room = DispatchSemaphore(value: max(1, capacity))
  }

  /// Hands a trial over to be recorded.
  ///
  /// Throws: the error that ended the writing of an earlier trial; this one is not recorded then.
  public func enqueue(_ trial: Trial) throws(StoreError) {
    try rethrow()
    room.wait()
    queue.async { [self] in
      record(trial)
      room.signal()
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

  private func record(_ trial: Trial) {
    guard failure.withLock({ $0 == nil }) else { return }
    do throws(StoreError) {
      try store.record(trial, session: session)
    } catch {
      failure.withLock { $0 = error }
    }
  }

  private func rethrow() throws(StoreError) {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
