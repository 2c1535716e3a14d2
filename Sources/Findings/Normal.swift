import Foundation

/// The normal distribution with mean 0 and variance 1.
enum Normal {
  /// P(Z ≤ z).
  static func probability(atMost z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The z with P(Z ≤ z) = `probability`, which lies between 0 and 1.
  ///
  /// By bisection in the lower half, where erfc keeps its precision; the upper half mirrors it.
  static func quantile(_ probability: Double) -> Double {
    guard probability <= 0.5 else { return -quantile(1 - probability) }
    var low = -40.0
    var high = 0.0
    // Each step brings one bit; doubles between −40 and 0 that matter have fewer than 80.
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if self.probability(atMost: middle) < probability { low = middle } else { high = middle }
    }
    return high
  }
}
