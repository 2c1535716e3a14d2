import Model

/// The median and its distribution-free interval.
///
/// The interval goes from the (k+1)-th smallest to the (k+1)-th largest value, with the largest k for
/// which P(B ≤ k) ≤ α/2, B binomial with n trials and probability ½: whatever the distribution, each value
/// falls below its median half of the time. Coverage is at least the level asked for, and exact.
/// Source: H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., section 7.1.
public enum Median {
  /// Which order statistics bound the median.
  public struct Ranks: Hashable, Sendable {
    /// Place of the lower end among the sorted values, from 0.
    public let low: Int
    /// Place of the upper end among the sorted values, from 0.
    public let high: Int
    /// The probability with which an interval between these places covers the median.
    public let coverage: Double
  }

  /// Median and interval of some values, in their unit.
  ///
  /// With fewer values than the level needs there is no interval, and the note says how many it takes.
  /// Throws: `FindingsError` for no values, a value that is not finite, or a level outside 0…1.
  public static func interval(
    _ values: [Double], confidence: Double = 0.95
  ) throws(FindingsError) -> Summary {
    guard !values.isEmpty else { throw .noValues }
    if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    let sorted = values.sorted()
    let median = middle(of: sorted)
    guard let ranks = try ranks(count: sorted.count, confidence: confidence) else {
      let needed = try trialsNeeded(confidence: confidence)
      let note = "needs \(needed) trials for a \(percent(confidence)) % interval"
      return Summary(median: median, low: nil, high: nil, note: note)
    }
    return Summary(median: median, low: sorted[ranks.low], high: sorted[ranks.high], note: nil)
  }

  /// The places of the interval's ends for so many values; nil when they are too few.
  ///
  /// Throws: `confidence` for a level outside 0…1.
  public static func ranks(count: Int, confidence: Double = 0.95) throws(FindingsError) -> Ranks? {
    let tail = try tail(of: confidence)
    guard count >= (try trialsNeeded(confidence: confidence)) else { return nil }
    var below = 0.0
    var places = 0
    for weight in halfBinomial(count) {
      // A hair of tolerance, since the tail is rounded: 1 − 0.9375 must admit 1/32 on either side.
      guard below + weight <= tail * (1 + 1e-12) else { break }
      below += weight
      places += 1
    }
    return Ranks(low: places - 1, high: count - places, coverage: 1 - 2 * below)
  }

  /// The smallest number of values for which the interval exists: 6 at 95 %.
  ///
  /// Throws: `confidence` for a level outside 0…1.
  public static func trialsNeeded(confidence: Double = 0.95) throws(FindingsError) -> Int {
    let tail = try tail(of: confidence)
    var count = 2
    var smallest = 0.25
    while smallest > tail * (1 + 1e-12) {
      smallest /= 2
      count += 1
    }
    return count
  }

  /// The middle of sorted values, or the mean of the two in the middle.
  static func middle(of sorted: [Double]) -> Double {
    let half = sorted.count / 2
    if !sorted.count.isMultiple(of: 2) { return sorted[half] }
    return sorted[half - 1] / 2 + sorted[half] / 2
  }

  private static func tail(of confidence: Double) throws(FindingsError) -> Double {
    guard confidence > 0, confidence < 1 else { throw .confidence(confidence) }
    return (1 - confidence) / 2
  }

  /// A level as people write it: `95`, `99.9`.
  static func percent(_ level: Double) -> String {
    let percent = (level * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
  }

  /// The probabilities of 0 … n successes in n fair draws.
  ///
  /// Weights are built outwards from the middle by the ratio of neighbours and then normalised, so that
  /// nothing overflows and only tails too small to matter become 0.
  private static func halfBinomial(_ count: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: count + 1)
    let mode = count / 2
    weights[mode] = 1
    for k in stride(from: mode, to: 0, by: -1) {
      weights[k - 1] = weights[k] * Double(k) / Double(count - k + 1)
    }
    for k in mode + 1..<count + 1 { weights[k] = weights[count - k] }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}
