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
  /// largest Walsh average.
  /// Throws: `confidence` for a level outside 0…1.
  public static func ranks(count: Int, confidence: Double = 0.95) throws(FindingsError) -> Ranks? {
    guard count >= (try pairsNeeded(confidence: confidence)) else { return nil }
    let tail = (1 - confidence) / 2
    let cumulative = lowerHalf(count)
    // A hair of tolerance, since the tail is rounded: 1 − 0.9375 must admit 1/32 on either side.
    let places = cumulative.prefix { $0 <= tail * (1 + 1e-12) }.count
    return Ranks(
      low: places - 1, high: largestSum(count) - places, coverage: 1 - 2 * cumulative[places - 1])
  }

  /// P(T+ ≤ `sum`) of `count` differences; 0 below 0, and 1 from the largest sum on.
  ///
  /// The distribution is symmetric: what lies above the middle is 1 less what lies below it.
  public static func probability(atMost sum: Int, count: Int) -> Double {
    let total = largestSum(count)
    guard sum >= 0 else { return 0 }
    guard sum < total else { return 1 }
    let half = lowerHalf(count)
    return sum < half.count ? half[sum] : 1 - half[total - sum - 1]
  }

  /// The smallest number of pairs for which the interval exists: 6 at 95 %, as for a median.
  ///
  /// Throws: `confidence` for a level outside 0…1.
  public static func pairsNeeded(confidence: Double = 0.95) throws(FindingsError) -> Int {
    // The smallest tail is that all differences have one sign, 1/2^n: the same as for the median.
    try Median.trialsNeeded(confidence: confidence)
  }

  /// The smallest number of pairs of which a one-sided p-value can be so small: log2(1/p), rounded up.
  ///
  /// For m comparisons at the level α together it is α/m: 11 pairs for 100 at 5 %.
  public static func pairsNeeded(forProbability probability: Double) -> Int {
    var count = 0
    var smallest = 1.0
    while smallest > probability * (1 + 1e-12), count < 1000 {
      smallest /= 2
      count += 1
    }
    return count
  }

  /// The distribution up to the middle, worked out once for each number of differences: half of the probability
  /// lies at or below, and no tail is larger than that.
  private static func lowerHalf(_ count: Int) -> [Double] {
    if let half = known.withLock({ $0[count] }) { return half }
    let half = cumulative(count: count, limit: largestSum(count) / 2)
    known.withLock { $0[count] = half }
    return half
  }

  private static let known = Mutex<[Int: [Double]]>([:])

  private static func largestSum(_ count: Int) -> Int { count * (count + 1) / 2 }
}
