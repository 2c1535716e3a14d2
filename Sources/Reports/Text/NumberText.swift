/// Numbers for machines.
enum NumberText {
  /// The shortest digits that read back as the same finite number; whole numbers without a fraction.
  static func shortest(_ value: Double) -> String {
    // 2^53: below it every whole number is exact, and none is written with an exponent.
    guard value == value.rounded(), value.magnitude < 9_007_199_254_740_992 else { return "\(value)" }
    return "\(Int64(value))"
  }
}
