/// The stable name of a metric, e.g. `peak_resident`.
public struct MetricID: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The name as it stands in JSON, in the store and on the command line.
  public let rawValue: String

  /// Wraps a name.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// Wraps a literal name.
  public init(stringLiteral value: String) { rawValue = value }

  /// Orders by name.
  public static func < (left: MetricID, right: MetricID) -> Bool { left.rawValue < right.rawValue }

  /// The bare name.
  public var description: String { rawValue }

  /// Stored as the bare name.
  public init(from decoder: any Decoder) throws { rawValue = try String(from: decoder) }

  /// Stored as the bare name.
  public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

/// The unit of a metric's values.
public enum MetricUnit: String, Codable, Sendable, CaseIterable {
  /// Bytes.
  case bytes = "B"
  /// Seconds.
  case seconds = "s"
  /// Nanoseconds.
  case nanoseconds = "ns"
  /// Operations per second.
  case perSecond = "1/s"
  /// A plain count of events.
  case count = "1"
  /// A ratio of two quantities of one unit.
  case ratio = "ratio"
}

/// Which way a metric gets better.
public enum Direction: String, Codable, Sendable {
  /// Less is better: time, resident bytes, faults.
  case lower
  /// More is better: throughput.
  case higher
}

/// Where a value comes from. A value without provenance does not exist.
public enum Provenance: String, Codable, Sendable, CaseIterable {
  /// Counted exactly, by the kernel or by the workload.
  case counted
  /// Read at intervals; what happened between two readings was not seen.
  case sampled
  /// Counted in a simulated machine.
  case simulated
}

/// What one trial says about one metric.
public enum MetricValue: Hashable, Sendable {
  /// A number in the metric's unit.
  case value(Double, Provenance)
  /// No number, and why not. Never shown as zero.
  case unavailable(String)

  /// The number, if there is one.
  public var number: Double? {
    if case .value(let number, _) = self { number } else { nil }
  }
}

/// What is known of a metric besides its values.
public struct MetricDefinition: Hashable, Codable, Sendable {
  /// Its stable name.
  public let id: MetricID
  /// A short heading for tables, e.g. `peak RSS`.
  public let title: String
  /// One sentence: what is measured, and how.
  public let explanation: String
  /// The unit of every value.
  public let unit: MetricUnit
  /// Which way it gets better.
  public let better: Direction
  /// What the instrument cannot tell from nothing, in the metric's unit: a value below it is no figure to compare. Nil
  /// for what is counted one by one.
  public let resolution: Double?

  /// States what a metric is.
  public init(
    id: MetricID, title: String, explanation: String, unit: MetricUnit, better: Direction,
    resolution: Double? = nil
  ) {
    self.id = id
    self.title = title
    self.explanation = explanation
    self.unit = unit
    self.better = better
    self.resolution = resolution
  }
}
