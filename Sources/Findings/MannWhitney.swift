import Synchronization

/// The distribution of the Mann–Whitney statistic, and the interval that follows from it.
///
/// U is the number of pairs, one of each sample, in which the first is larger. Where both samples come from one
/// distribution, all orders are equally likely: the largest of all belongs to the first sample with
/// probability m/(m+n), which builds the distribution up from smaller samples. Up to 2500 pairs that is done;
/// beyond, U is as good as normal, with the variance that ties leave.
/// Ties are taken against whoever wants to show something: the exact distribution then errs on the safe side,
/// where the normal one would find intervals for four trials that say nothing.
/// Source: H. B. Mann and D. R. Whitney, On a Test of Whether One of Two Random Variables is Stochastically Larger
/// than the Other, Annals of Mathematical Statistics 18 (1947).
struct MannWhitney {
  /// The sizes of the samples, and Σ(t³ − t) over groups of t equal values.
  let first: Int
  let second: Int
  private let ties: Double

  /// For two samples, of which only sizes and ties matter.
  init(_ first: [Double], _ second: [Double]) {
    self.first = first.count
    self.second = second.count
    ties = MannWhitney.ties(first) + MannWhitney.ties(second)
  }

  /// How many pairs there are.
  var pairs: Int { first * second }

  /// P(U ≤ `sum`).
  func probability(atMost sum: Int) -> Double {
    guard sum >= 0 else { return 0 }
    guard sum < pairs else { return 1 }
    guard pairs <= MannWhitney.exactLimit else {
      return Normal.probability(atMost: (Double(sum) + 0.5 - Double(pairs) / 2) / deviation)
    }
    let half = MannWhitney.lowerHalf(first, second)
    return sum < half.count ? half[sum] : 1 - half[pairs - sum - 1]
  }

  /// How many differences lie outside the interval at each end; nil when there are too few for one.
  func outside(confidence: Double) -> Int? {
    // A hair of tolerance, since the tail is rounded.
    let tail = (1 - confidence) / 2 * (1 + 1e-12)
    guard probability(atMost: 0) <= tail else { return nil }
    var inside = pairs / 2
    var outside = 0
    while inside - outside > 1 {
      let middle = (inside + outside) / 2
      if probability(atMost: middle) <= tail { outside = middle } else { inside = middle }
    }
    return outside
  }

  /// The smallest p-value that samples of these sizes can give: that of one order among all.
  static func smallestProbability(_ first: Int, _ second: Int) -> Double {
    (0..<min(first, second)).reduce(1) { $0 * Double($1 + 1) / Double(first + second - $1) }
  }

  /// Above it the distribution takes long, and is normal to three digits.
  private static let exactLimit = 2500

  /// The standard deviation of U.
  private var deviation: Double {
    let all = Double(first + second)
    let variance = Double(pairs) / 12 * (all + 1 - ties / (all * (all - 1)))
    return max(variance, 0).squareRoot()
  }

  private static func ties(_ values: [Double]) -> Double {
    Dictionary(grouping: values) { $0 }.values.reduce(0) { sum, group in
      let count = Double(group.count)
      return sum + count * count * count - count
    }
  }

  private struct Sizes: Hashable {
    let first: Int
    let second: Int
  }

  private static let known = Mutex<[Sizes: [Double]]>([:])

  /// P(U ≤ u) for u up to the middle; it is the same with the sizes swapped.
  private static func lowerHalf(_ first: Int, _ second: Int) -> [Double] {
    let sizes = Sizes(first: min(first, second), second: max(first, second))
    if let half = known.withLock({ $0[sizes] }) { return half }
    var below = 0.0
    let half = weights(sizes).map { weight in
      below += weight
      return below
    }
    known.withLock { $0[sizes] = half }
    return half
  }

  /// P(U = u) for u up to the middle, one more value of the first sample at a time.
  private static func weights(_ sizes: Sizes) -> [Double] {
    let limit = sizes.first * sizes.second / 2
    let none = [1.0] + [Double](repeating: 0, count: limit)
    var row = [[Double]](repeating: none, count: sizes.second + 1)
    for first in stride(from: 1, through: sizes.first, by: 1) {
      row[0] = none
      for second in stride(from: 1, through: sizes.second, by: 1) {
        let share = Double(first) / Double(first + second)
        // The largest is of the first sample and beats all of the second, or it is of the second.
        for sum in stride(from: limit, through: 0, by: -1) {
          let larger = sum >= second ? row[second][sum - second] : 0
          row[second][sum] = share * larger + (1 - share) * row[second - 1][sum]
        }
      }
    }
    return row[sizes.second]
  }
}
