/// A number of bytes.
public struct Bytes: Hashable, Comparable, Codable, Sendable {
  /// The count. Signed, because differences and racing counters may dip below zero.
  public var count: Int64

  /// Wraps a count of bytes.
  public init(_ count: Int64) { self.count = count }

  /// The size of so many KiB, as `/proc` reports them.
  public static func kibibytes(_ value: Int64) -> Bytes {
    let (bytes, isTooMuch) = value.multipliedReportingOverflow(by: 1024)
    return Bytes(isTooMuch ? (value < 0 ? .min : .max) : bytes)
  }

  /// Orders by size.
  public static func < (left: Bytes, right: Bytes) -> Bool { left.count < right.count }

  /// Stored as the bare number.
  public init(from decoder: any Decoder) throws { count = try Int64(from: decoder) }

  /// Stored as the bare number.
  public func encode(to encoder: any Encoder) throws { try count.encode(to: encoder) }
}

/// A length of time, or a point on CLOCK_MONOTONIC, in nanoseconds.
public struct Nanoseconds: Hashable, Comparable, Codable, Sendable {
  /// The count. Signed, because a difference may be negative.
  public var count: Int64

  /// Wraps a count of nanoseconds.
  public init(_ count: Int64) { self.count = count }

  /// Wraps a count from outside, which may be larger than any time that is meant.
  public init(clamping count: some BinaryInteger) { self.count = Int64(clamping: count) }

  /// The nearest whole number of nanoseconds, at most ± 292 years; 0 of what is no number.
  public init(seconds: Double) {
    count = Int64(nearest: seconds * 1e9)
  }

  /// The same length in seconds.
  public var seconds: Double { Double(count) / 1e9 }

  /// Orders by length.
  public static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }

  /// The length from one point to another.
  public static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
    let (difference, isTooMuch) = left.count.subtractingReportingOverflow(right.count)
    return Nanoseconds(isTooMuch ? (left.count < right.count ? .min : .max) : difference)
  }

  /// Stored as the bare number.
  public init(from decoder: any Decoder) throws { count = try Int64(from: decoder) }

  /// Stored as the bare number.
  public func encode(to encoder: any Encoder) throws { try count.encode(to: encoder) }
}
