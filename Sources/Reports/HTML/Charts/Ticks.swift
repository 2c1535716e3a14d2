import Model

/// Round numbers along an axis that begins at 0.
struct Ticks {
  /// A place on the axis with its label.
  struct Tick: Hashable {
    /// 0 at the beginning of the axis, 1 at its end.
    let share: Double
    let label: String
  }

  /// The end of the axis, in the unit.
  let end: Double
  let all: [Tick]

  /// Ticks up to `end`, about four of them.
  init(end: Double, unit: MetricUnit) {
    self.end = end
    guard end > 0, end.isFinite else {
      all = [Tick(share: 0, label: "0")]
      return
    }
    let step = unit == .bytes ? Ticks.binaryStep(end / 4) : Ticks.decimalStep(end / 5)
    // A little more, since 0.03 / 0.01 is less than 3.
    all = (0...min(100, max(0, Int(nearest: (end / step + 1e-9).rounded(.down))))).map { index in
      let value = Double(index) * step
      return Tick(share: value / end, label: index == 0 ? "0" : Ticks.label(value, unit: unit))
    }
  }

  /// 1, 2 or 5 times a power of ten, the next above.
  private static func decimalStep(_ least: Double) -> Double {
    var power = 1.0
    while power > least { power /= 10 }
    while power * 10 <= least { power *= 10 }
    return [1.0, 2, 5].map { $0 * power }.first { $0 >= least } ?? power * 10
  }

  /// A power of two, the next above.
  private static func binaryStep(_ least: Double) -> Double {
    var step = 1.0
    while step < least { step *= 2 }
    return step
  }

  /// The figure without zeros that say nothing: `16 MiB`, not `16.0 MiB`.
  static func label(_ value: Double, unit: MetricUnit) -> String {
    let text = FigureText.text(value, unit: unit)
    guard let dot = text.firstIndex(of: ".") else { return text }
    let rest = text[text.index(after: dot)...]
    let digits = rest.prefix { $0.isNumber }
    var kept = digits
    while kept.last == "0" { kept.removeLast() }
    return text[..<dot] + (kept.isEmpty ? "" : "." + kept) + rest.dropFirst(digits.count)
  }
}
