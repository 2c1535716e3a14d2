import Glibc

/// Numbers for machines.
enum NumberText {
  /// The shortest digits that read back as the same finite number; whole numbers without a fraction.
  static func shortest(_ value: Double) -> String {
    // 2^53: below it every whole number is exact, and none is written with an exponent.
    guard value == value.rounded(), value.magnitude < 9_007_199_254_740_992 else { return "\(value)" }
    return "\(Int64(value))"
  }

  /// Ten significant digits, where that is shorter.
  static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite, value != value.rounded() else { return shortest(value) }
    let scale = pow(10, 9 - floor(log10(value.magnitude)))
    let text = shortest((value * scale).rounded() / scale)
    return scale.isFinite && text.utf8.count < shortest(value).utf8.count ? text : shortest(value)
  }
}
