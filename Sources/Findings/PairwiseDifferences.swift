/// The differences between each of some values and each of some others, in sorted order.
///
/// One of them is found by bisection, counting how many lie at or below, as with `WalshAverages`.
struct PairwiseDifferences {
  private let values: [Double]
  private let baselines: [Double]

  /// Prepares the differences of finite values.
  init(_ values: [Double], less baselines: [Double]) {
    self.values = values.sorted()
    self.baselines = baselines.sorted()
  }

  /// How many differences there are.
  var count: Int { values.count * baselines.count }

  /// The middle one, or the mean of the two in the middle; nil without values.
  var median: Double? { Ordering.median(of: count, value: value(at:)) }

  /// The difference at a place from 0 to `count` − 1.
  func value(at place: Int) -> Double {
    Ordering.value(
      at: place, from: values[0] - baselines[baselines.count - 1],
      to: values[values.count - 1] - baselines[0], countUp: countUp(to:))
  }

  /// How many differences lie at or below a limit: each larger value leaves out no fewer baselines.
  func countUp(to limit: Double) -> Int {
    var count = 0
    var first = 0
    for value in values {
      while first < baselines.count, value - baselines[first] > limit { first += 1 }
      count += baselines.count - first
    }
    return count
  }
}
