import CLinux

/// How an event is asked for: the part of `perf_event_attr` that names it.
///
/// Source: perf_event_open(2).
public struct EventEncoding: Hashable, Sendable {
  /// Type: PERF_TYPE_… or a PMU's own number.
  public var type: UInt32
  /// Event within the type.
  public var config: UInt64
  /// First extension.
  public var config1: UInt64
  /// Second extension.
  public var config2: UInt64
  /// Whether only the program's own code counts.
  public var excludesKernel: Bool
  /// The highest skid constraint that the event is meant for; 0 to count.
  public var precise: UInt64

  /// Names an event.
  public init(
    type: UInt32, config: UInt64, config1: UInt64 = 0, config2: UInt64 = 0, excludesKernel: Bool = true,
    precise: UInt64 = 0
  ) {
    self.type = type
    self.config = config
    self.config1 = config1
    self.config2 = config2
    self.excludesKernel = excludesKernel
    self.precise = precise
  }

  /// The same for the program's own code alone.
  var withoutKernel: EventEncoding {
    var result = self
    result.excludesKernel = true
    return result
  }

  /// Everything of `perf_event_attr` that says which event it is; who opens it adds what is read and when it starts.
  public var attribute: perf_event_attr {
    var attribute = perf_event_attr()
    attribute.type = type
    attribute.size = UInt32(MemoryLayout<perf_event_attr>.size)
    attribute.config = config
    attribute.config1 = config1
    attribute.config2 = config2
    attribute.exclude_kernel = excludesKernel ? 1 : 0
    attribute.exclude_hv = excludesKernel ? 1 : 0
    attribute.precise_ip = precise
    return attribute
  }

  /// For counting from the exec on, with all descendants. A group's members follow their leader.
  ///
  /// Values are read one by one: older kernels refuse PERF_FORMAT_GROUP together with inherit.
  func countingAttribute(isLeader: Bool) -> perf_event_attr {
    var attribute = attribute
    attribute.read_format = UInt64(
      PERF_FORMAT_TOTAL_TIME_ENABLED.rawValue | PERF_FORMAT_TOTAL_TIME_RUNNING.rawValue)
    attribute.inherit = 1
    attribute.disabled = isLeader ? 1 : 0
    attribute.enable_on_exec = isLeader ? 1 : 0
    return attribute
  }
}
