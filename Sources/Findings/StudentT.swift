import Foundation

/// Student's t distribution with a whole number of degrees of freedom.
///
/// Such a number makes the distribution a finite sum in θ = arctan(t/√ν): P(|T| ≤ t) is
/// 2/π · (θ + sin θ · (cos θ + 2/3 cos³ θ + …)) for odd ν and sin θ · (1 + 1/2 cos² θ + …) for even ν.
/// Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
enum StudentT {
  /// P(T ≤ t).
  static func probability(atMost t: Double, freedom: Int) -> Double {
    let angle = atan(t.magnitude / Double(freedom).squareRoot())
    let central = central(angle, freedom: freedom)
    return t < 0 ? (1 - central) / 2 : (1 + central) / 2
  }

  /// The t with P(T ≤ t) = `probability`, which lies between 0 and 1; nil without degrees of freedom.
  static func quantile(_ probability: Double, freedom: Int) -> Double? {
    guard freedom > 0, probability > 0, probability < 1 else { return nil }
    let isLower = probability < 0.5
    let target = isLower ? 1 - 2 * probability : 2 * probability - 1
    var low = 0.0
    var high = Double.pi / 2
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if central(middle, freedom: freedom) < target { low = middle } else { high = middle }
    }
    let t = tan((low + high) / 2) * Double(freedom).squareRoot()
    return isLower ? -t : t
  }

  /// P(|T| ≤ √ν tan θ).
  private static func central(_ angle: Double, freedom: Int) -> Double {
    let isOdd = !freedom.isMultiple(of: 2)
    let cosine = cos(angle)
    if freedom == 1 { return 2 / .pi * angle }
    var term = isOdd ? cosine : 1
    var sum = term
    for power in stride(from: isOdd ? 3 : 2, through: freedom - 2, by: 2) {
      term *= cosine * cosine * Double(power - 1) / Double(power)
      sum += term
    }
    return isOdd ? 2 / .pi * (angle + sin(angle) * sum) : sin(angle) * sum
  }
}
