/// How far two samples lie apart that were not measured together.
///
/// The estimate is the median of all differences between a value of one and a value of the other, and the
/// interval goes between two of them by the distribution of `MannWhitney`. It assumes that both samples
/// scatter alike, and, what nothing here can check, that the machine was the same for both.
/// Source: J. L. Hodges and E. L. Lehmann, as `HodgesLehmann`; the interval is P. A. P. Moran's, in M. Hollander,
/// D. A. Wolfe and E. Chicken, Nonparametric Statistical Methods, 3rd ed., section 4.3.
public enum TwoSampleShift {
  /// Centre and interval of what the values have more than the baselines, in their unit.
  ///
  /// With fewer than the level needs there is no interval, and the note says how many it takes.
  /// Throws: `FindingsError` for a side without values, a value that is not finite (`index` counts through values,
  /// then baselines), or a level outside 0…1.
  public static func shift(
    _ values: [Double], baselines: [Double], confidence: Double = 0.95
  ) throws(FindingsError) -> Shift {
    if let index = (values + baselines).firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    return try shift(
      PairwiseDifferences(values, less: baselines), distribution: MannWhitney(values, baselines),
      confidence: confidence)
  }

  static func shift(
    _ differences: PairwiseDifferences, distribution: MannWhitney, confidence: Double
  ) throws(FindingsError) -> Shift {
    guard confidence > 0, confidence < 1 else { throw .confidence(confidence) }
    guard let centre = differences.median else { throw .noValues }
    guard let outside = distribution.outside(confidence: confidence) else {
      let needed = "needs \(trialsNeeded(confidence)) trials a side"
      let note = "\(needed) for a \(Median.percent(confidence)) % interval"
      return Shift(centre: centre, low: nil, high: nil, note: note)
    }
    return Shift(
      centre: centre, low: differences.value(at: outside),
      high: differences.value(at: differences.count - 1 - outside), note: nil)
  }

  /// The smallest number of trials on both sides for which there is an interval: 4 at 95 %.
  private static func trialsNeeded(_ confidence: Double) -> Int {
    var count = 1
    while MannWhitney.smallestProbability(count, count) > (1 - confidence) / 2 * (1 + 1e-12) { count += 1 }
    return count
  }
}
