import Model

/// Why an event cannot be counted or sampled, and what can be done about it: the same words wherever it is told.
public struct EventObstacle: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is in the way.
  public enum Cause: String, Hashable, Sendable {
    /// There is no hardware PMU, or sysfs cannot be looked at.
    case noPMU
    /// The PMU has no such event.
    case notOffered
    /// The kernel's perf_event_paranoid.
    case paranoid
    /// A filter of system calls, as containers have.
    case seccomp
    /// The limit on locked memory.
    case lockedMemory
    /// Counters are taken, or there are too few.
    case busy
    /// Too many open files.
    case descriptors
    /// The kernel has no perf events.
    case kernel
    /// tracefs is not mounted or not readable.
    case tracefs
    /// It was detected, and heapscale does not use it.
    case unsupported
    /// It was opened, and never came onto a counter.
    case notCounted
    /// Nobody asked for it.
    case notAsked
    /// Anything else.
    case other
  }

  /// What is in the way.
  public var cause: Cause
  /// It in words, without a full stop.
  public var reason: String
  /// What to do about it; nil where nothing helps.
  public var remedy: String?

  /// States a cause.
  public init(_ cause: Cause, _ reason: String, remedy: String? = nil) {
    self.cause = cause
    self.reason = reason
    self.remedy = remedy
  }

  /// Reason and remedy in one line.
  public var description: String { [reason, remedy].compactMap(\.self).joined(separator: "; ") }
}

extension Unavailability {
  /// What an obstacle keeps from being told.
  public init(what: String, _ obstacle: EventObstacle) {
    self.init(what: what, reason: obstacle.reason, remedy: obstacle.remedy)
  }
}
