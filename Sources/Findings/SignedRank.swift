import Synchronization

/// The exact distribution of Wilcoxon's signed-rank statistic, and the interval that follows from it.
///
/// T+ is the sum of the ranks of those differences that are positive. Where the differences are symmetric
/// around 0, each rank from 1 to n is in the sum or not with probability ½, independently of the others:
/// all 2^n subsets are equally likely, and a dynamic programme counts those of each sum.
/// Source: F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1 (1945); the
/// interval is J. W. Tukey's, in M. Hollander, D. A. Wolfe and E. Chicken, Nonparametric Statistical
/// Methods, 3rd ed., section 3.3.
public enum SignedRank {
  /// Which of the sorted Walsh averages bound the centre of the differences.
  public struct Ranks: Hashable, Sendable {
    /// Place of the lower end, from 0.
    public let low: Int
    /// Place of the upper end, from 0.
    public let high: Int
    /// The probability with which the interval covers the centre of a continuous distribution. Where
    /// differences tie it is at least that.
    public let coverage: Double
  }

  /// P(T+ ≤ t) of `count` differences for t = 0 … `limit`, by default up to the largest sum.
  ///
  /// Probabilities are halved at each rank, so that nothing overflows; below some 1e-308 they are 0.
  public static func cumulative(count: Int, limit: Int? = nil) -> [Double] {
    let total = largestSum(count)
    var weights = [Double](repeating: 0, count: min(max(0, limit ?? total), total) + 1)
    weights[0] = 1
    for rank in stride(from: 1, through: count, by: 1) {
      // Downwards, so that no rank is taken twice.
      for sum in stride(from: weights.count - 1, through: 0, by: -1) {
        weights[sum] = (weights[sum] + (sum >= rank ? weights[sum - rank] : 0)) / 2
      }
    }
    var below = 0.0
    return weights.map { weight in
      below += weight
      return below
    }
  }

  /// The places of the interval's ends for so many differences; nil when they are too few.
  ///
  /// With k the largest for which P(T+ ≤ k) ≤ α/2, it goes from the (k+1)-th smallest to the (k+1)-th
  /// largest Walsh average. Worked out once for each number of differences and level.
  /// Throws: `confidence` for a level outside 0…1.
  public static func ranks(count: Int, confidence: Double = 0.95) throws(FindingsError) -> Ranks? {
    guard count >= (try pairsNeeded(confidence: confidence)) else { return nil }
    let key = Key(count: count, confidence: confidence)
    if let ranks = known.withLock({ $0[key] }) { return ranks }
    let tail = (1 - confidence) / 2
    // Half of the probability lies at or below the middle, and no tail is larger than that.
    let cumulative = cumulative(count: count, limit: largestSum(count) / 2)
    // A hair of tolerance, since the tail is rounded: 1 − 0.9375 must admit 1/32 on either side.
    let places = cumulative.prefix { $0 <= tail * (1 + 1e-12) }.count
    let ranks = Ranks(
      low: places - 1, high: largestSum(count) - places, coverage: 1 - 2 * cumulative[places - 1])
    known.withLock { $0[key] = ranks }
    return ranks
  }

  /// The smallest number of pairs for which the interval exists: 6 at 95 %, as for a median.
  ///
  /// Throws: `confidence` for a level outside 0…1.
  public static func pairsNeeded(confidence: Double = 0.95) throws(FindingsError) -> Int {
    // The smallest tail is that all differences have one sign, 1/2^n: the same as for the median.
    try Median.trialsNeeded(confidence: confidence)
  }

  private struct Key: Hashable {
    let count: Int
    let confidence: Double
  }

  private static let known = Mutex<[Key: Ranks]>([:])

  private static func largestSum(_ count: Int) -> Int { count * (count + 1) / 2 }
}
