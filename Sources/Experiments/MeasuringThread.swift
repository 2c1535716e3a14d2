import Foundation

/// Runs blocking work on a thread of its own: measuring must never block Swift's cooperative pool.
public enum MeasuringThread {
  /// Does the work there and waits for it without blocking the caller's thread.
  public static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result(catching: work)) }
      thread.name = "heapscale-measure"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}
