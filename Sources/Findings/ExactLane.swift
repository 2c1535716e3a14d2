import Model

/// Compares counts that every repeat should give again: value against value, without statistics.
///
/// Each repeat of one side is compared with each of the other. Where all agree about what the change is, that is the
/// verdict; equal repeats always do. Where repeats differ by more than the threshold among themselves, or some pairs
/// say one thing and some another, the metric is not deterministic here and belongs to statistics.
struct ExactLane {
  let values: [Double]
  let baselines: [Double]
  let threshold: Threshold

  /// How every note begins that says that a count does not repeat.
  static let differNote = "repeats of this count differ"

  /// Fewer repeats cannot show that they agree.
  static let repeatsNeeded = 2

  /// What all pairs agree on; nil where they do not.
  var verdict: Verdict? {
    guard let low = values.min(), let high = values.max(), let before = baselines.min(),
      let after = baselines.max(), !exceeds(high, over: low), !exceeds(after, over: before)
    else { return nil }
    if exceeds(low, over: after) { return threshold.better == .lower ? .regression : .improvement }
    if exceeds(before, over: high) { return threshold.better == .lower ? .improvement : .regression }
    return exceeds(high, over: before) || exceeds(after, over: low) ? nil : .same
  }

  /// Whether some repeat differs from another of its side.
  var repeatsDiffer: Bool { Set(values).count > 1 || Set(baselines).count > 1 }

  /// The change of the medians, with the smallest and the largest between two repeats; nil where a baseline is 0 and
  /// not everything is.
  var effect: Effect? {
    guard let low = values.min(), let high = values.max(), let before = baselines.min(),
      let after = baselines.max()
    else { return nil }
    let pairs = min(values.count, baselines.count)
    if low == 0, high == 0, before == 0, after == 0 {
      return Effect(change: 0, low: 0, high: 0, pairs: pairs, note: "0 in every trial")
    }
    guard before > 0 else { return nil }
    let change = Median.middle(of: values.sorted()) / Median.middle(of: baselines.sorted()) - 1
    return Effect(change: change, low: low / after - 1, high: high / before - 1, pairs: pairs)
  }

  /// The same in the metric's unit.
  var difference: Difference {
    let centre = Median.middle(of: values.sorted()) - Median.middle(of: baselines.sorted())
    guard let low = values.min(), let high = values.max(), let before = baselines.min(),
      let after = baselines.max()
    else { return Difference(centre: centre, low: nil, high: nil) }
    return Difference(centre: centre, low: low - after, high: high - before)
  }

  /// `990–1003 against 1000`.
  var ranges: String { "\(ExactLane.range(values)) against \(ExactLane.range(baselines))" }

  /// Whether a value is more than the other by more than both parts of the threshold.
  private func exceeds(_ value: Double, over other: Double) -> Bool {
    value > other * (1 + threshold.relative) * (1 + Contrast.margin)
      && value - other > (threshold.absolute ?? 0) * (1 + Contrast.margin)
  }

  private static func range(_ values: [Double]) -> String {
    let ends = Set([values.min(), values.max()].compactMap(\.self)).sorted()
    return ends.map { $0 == $0.rounded() && $0.magnitude < 1e15 ? "\(Int($0))" : "\($0)" }
      .joined(separator: "–")
  }
}
