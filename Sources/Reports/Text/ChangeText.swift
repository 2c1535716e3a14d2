import Model

/// Relative changes as people read them: `−38 % [−41, −35]`.
enum ChangeText {
  /// A change with its interval, if it has one; from tenfold on as a factor, `×46 [×40, ×52]`.
  ///
  /// Its spaces do not break (U+00A0), so that it stays together at the end of a line.
  static func text(_ effect: Effect) -> String {
    let isFactor = effect.change >= 9
    let change = isFactor ? factor(effect.change) : percent(effect.change, sign: "+") + " %"
    guard let low = effect.low, let high = effect.high else { return unbroken(change) }
    let ends = [low, high].map { isFactor ? factor($0) : percent($0, sign: "") }
    return unbroken("\(change) [\(ends.joined(separator: ", "))]")
  }

  /// A value before and after, where no relative change can be given: `0 → 12`.
  static func text(from before: Double, to after: Double, unit: MetricUnit) -> String {
    unbroken("\(FigureText.text(before, unit: unit)) → \(FigureText.text(after, unit: unit))")
  }

  /// A difference with its interval, in the metric's unit: `+12 [4, 20]`.
  static func text(_ difference: Difference, unit: MetricUnit) -> String {
    guard difference.centre.isFinite else { return "—" }
    let figure = { (value: Double) in FigureText.text(value, unit: unit).replacing("-", with: "−") }
    let change = (difference.centre > 0 ? "+" : "") + figure(difference.centre)
    guard let low = difference.low, let high = difference.high, low.isFinite, high.isFinite else {
      return unbroken(change)
    }
    return unbroken("\(change) [\(figure(low)), \(figure(high))]")
  }

  /// A size without sign, e.g. `3.5 %`.
  static func share(_ share: Double) -> String { unbroken(short(share.magnitude * 100) + " %") }

  private static func unbroken(_ text: String) -> String { text.replacing(" ", with: "\u{A0}") }

  /// Per cent, with the sign of those above 0 as asked for.
  private static func percent(_ share: Double, sign: String) -> String {
    let percent = share * 100
    if percent < 0 { return "−" + short(-percent) }
    return percent > 0 ? sign + short(percent) : "0"
  }

  private static func factor(_ share: Double) -> String { "×" + short(1 + share) }

  /// Two significant digits, more for whole numbers; what would round to zero says so.
  private static func short(_ value: Double) -> String {
    guard value < 1e15 else { return "\(value)" }
    if value > 0, value < 0.005 { return "<0.01" }
    let decimals = value < 0.995 ? 2 : value < 9.95 ? 1 : 0
    let power = [1.0, 10, 100][decimals]
    let units = Int(nearest: value * power)
    guard decimals > 0 else { return "\(units)" }
    let fraction = String(units % Int(power))
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(units / Int(power)).\(zeros)\(fraction)"
  }
}
