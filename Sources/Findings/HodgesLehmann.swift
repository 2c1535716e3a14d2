/// The centre of differences between paired trials, in their unit, with its interval.
public struct Shift: Hashable, Sendable {
  /// The Hodges–Lehmann estimate: the median of the Walsh averages.
  public let centre: Double
  /// Lower end of the interval; nil while there are too few differences.
  public let low: Double?
  /// Upper end of the interval.
  public let high: Double?
  /// Doubt that travels with it, e.g. `needs 6 pairs for a 95 % interval`.
  public let note: String?
}

/// How far paired trials lie apart, without assuming how they are distributed.
///
/// The estimate is the median of the Walsh averages (d_i + d_j)/2, i ≤ j, and the interval goes between two
/// of them by the exact signed-rank distribution. It assumes that differences scatter evenly to both
/// sides, which pairing by block brings: what disturbs a block disturbs both of its trials.
/// Source: J. L. Hodges and E. L. Lehmann, Estimates of Location Based on Rank Tests, Annals of
/// Mathematical Statistics 34 (1963).
public enum HodgesLehmann {
  /// Centre and interval of some differences.
  ///
  /// With fewer than the level needs there is no interval, and the note says how many it takes. Ties and
  /// differences of 0 stay in: both ends belong to the interval, and it covers at least as often as it says.
  /// Throws: `FindingsError` for no differences, one that is not finite, or a level outside 0…1.
  public static func shift(
    _ differences: [Double], confidence: Double = 0.95
  ) throws(FindingsError) -> Shift {
    if let index = differences.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    let averages = WalshAverages(differences)
    guard let centre = averages.median else { throw .noValues }
    guard let ranks = try SignedRank.ranks(count: differences.count, confidence: confidence) else {
      let needed = try SignedRank.pairsNeeded(confidence: confidence)
      let note = "needs \(needed) pairs for a \(Median.percent(confidence)) % interval"
      return Shift(centre: centre, low: nil, high: nil, note: note)
    }
    return Shift(
      centre: centre, low: averages.value(at: ranks.low), high: averages.value(at: ranks.high), note: nil)
  }
}
