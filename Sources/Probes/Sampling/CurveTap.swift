import Model
import Synchronization

/// Lets a display look at the curve of the running trial, from another thread.
///
/// The sampler hands on what it has read anyway. It never waits for the display: a reading that comes while the display
/// looks is left out of the picture, not of the measurement.
public final class CurveTap: Sendable {
  private let curve = Mutex(LiveCurve())

  /// Begins without a curve.
  public init() {}

  /// Forgets the trial before.
  public func reset() { curve.withLock { $0.reset() } }

  /// The curve so far.
  public var snapshot: LiveCurve { curve.withLock { $0 } }

  /// Takes a reading; time is since the start of the program.
  func add(time: Nanoseconds, resident: Bytes, live: Bytes?) {
    _ = curve.withLockIfAvailable { $0.add(time: time, resident: resident, live: live) }
  }
}
