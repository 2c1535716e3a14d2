import FoundationEssentials

/// Points in time as text, always in UTC.
enum Timestamp {
  /// ISO 8601, e.g. `2026-01-02T03:04:05Z`.
  static func iso8601(_ secondsSince1970: Double) -> String {
    // A clock may be a million days off, and what formats dates knows four digits of years.
    let seconds = secondsSince1970.isFinite ? min(max(secondsSince1970, -6e10), 2.5e11) : 0
    return Date(timeIntervalSince1970: seconds).formatted(.iso8601)
  }

  /// For people, e.g. `2026-01-02 03:04:05 UTC`.
  static func text(_ secondsSince1970: Double) -> String {
    iso8601(secondsSince1970).replacing("T", with: " ").replacing("Z", with: " UTC")
  }

  /// For narrow columns, e.g. `2026-01-02 03:04`.
  static func minute(_ secondsSince1970: Double) -> String {
    String(text(secondsSince1970).prefix(16))
  }
}
