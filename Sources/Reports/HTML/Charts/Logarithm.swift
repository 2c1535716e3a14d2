/// Logarithms for axes, without a mathematics library.
enum Logarithm {
  /// The logarithm to base 2 of a positive number, by squaring: 20 bits behind the point are plenty for a drawing.
  static func base2(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return value > 0 ? 1024 : -1074 }
    var mantissa = value.significand
    var result = Double(value.exponent)
    var share = 0.5
    for _ in 0..<20 {
      mantissa *= mantissa
      if mantissa >= 2 {
        mantissa /= 2
        result += share
      }
      share /= 2
    }
    return result
  }
}
