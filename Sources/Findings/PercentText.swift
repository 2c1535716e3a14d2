import Foundation
import Model

/// Shares as people write them: no more digits than the interval supports.
enum PercentText {
  /// `+1.2 % [−3.1, 5.5]`; without brackets where there is no interval, or nothing between its ends.
  static func signed(_ effect: Effect) -> String {
    let decimals = decimals(effect)
    let sign = effect.change > 0 ? "+" : ""
    return "\(sign)\(number(effect.change, decimals)) %" + interval(effect, decimals) { $0 }
  }

  /// The change without its sign: `18`.
  static func magnitude(_ effect: Effect) -> String { number(effect.change.magnitude, decimals(effect)) }

  /// The interval in the direction of the change, so that 21 % to 15 % less is ` [15, 21]`.
  static func interval(_ effect: Effect) -> String {
    interval(effect, decimals(effect)) { effect.change < 0 ? -$0 : $0 }
  }

  /// A share that somebody chose: `2`, `0.5`.
  static func plain(_ share: Double) -> String {
    let rounded = (share * 1e6).rounded() / 1e4
    return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }

  /// How many times the baseline: `46`, `9.8`.
  static func factor(_ share: Double) -> String { number((1 + share) / 100, 1 + share < 9.95 ? 1 : 0) }

  private static func interval(
    _ effect: Effect, _ decimals: Int, _ direct: (Double) -> Double
  ) -> String {
    guard let low = effect.low, let high = effect.high, low < high else { return "" }
    let ends = [direct(low), direct(high)].sorted()
    return " [\(ends.map { number($0, decimals) }.joined(separator: ", "))]"
  }

  /// Whole per cent where the interval is wider than that to both sides, else one digit or two; more only where the
  /// change would round to nothing.
  private static func decimals(_ effect: Effect) -> Int {
    let size = effect.change.magnitude * 100
    let half =
      if let low = effect.low, let high = effect.high, low < high { (high - low) * 50 } else { size / 10 }
    let enough = half >= 0.995 ? 0 : half >= 0.0995 ? 1 : 2
    let visible = size >= 0.5 || size == 0 ? 0 : size >= 0.05 ? 1 : 2
    return max(enough, visible)
  }

  private static func number(_ share: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", share.magnitude * 100)
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return share < 0 && !isZero ? "−" + text : text
  }
}
