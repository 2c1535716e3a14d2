import Dispatch
import Model
import Synchronization

/// Runs measurements on a thread of their own: measuring must never block Swift's cooperative pool.
public enum MeasuringThread {
  /// Does the work there and waits for it without blocking the caller's thread.
  public static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    let result: Result<T, any Error> = await OwnThread.run { Result(catching: work) }
    return try result.get()
  }
}

extension MeasuringThread {
  /// Waits on a measuring thread for work that only the cooperative pool can do, between two trials.
  public static func wait<T: Sendable>(for work: @escaping @Sendable () async throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    let result = Mutex<Result<T, any Error>?>(nil)
    Task {
      let outcome: Result<T, any Error>
      do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
      result.withLock { $0 = outcome }
      done.signal()
    }
    done.wait()
    guard let outcome = result.withLock({ $0 }) else { throw CancellationError() }
    return try outcome.get()
  }
}
