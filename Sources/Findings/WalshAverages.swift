/// The means of all pairs of some values, each value also paired with itself, in sorted order.
///
/// There are n(n+1)/2 of them, too many to write down for a thousand trials: one is found by bisection,
/// counting at each step how many averages lie at or below. Exact, since the rounded mean of two numbers
/// never falls when one of them rises.
struct WalshAverages {
  private let sorted: [Double]

  /// Prepares the averages of finite values.
  init(_ values: [Double]) { sorted = values.sorted() }

  /// How many averages there are.
  var count: Int { sorted.count * (sorted.count + 1) / 2 }

  /// The middle one, or the mean of the two in the middle; nil without values.
  var median: Double? { Ordering.median(of: count, value: value(at:)) }

  /// The average at a place from 0 to `count` − 1.
  func value(at place: Int) -> Double {
    Ordering.value(at: place, from: sorted[0], to: sorted[sorted.count - 1], countUp: countUp(to:))
  }

  /// How many averages lie at or below a limit: the partner reaches less far for each larger value.
  func countUp(to limit: Double) -> Int {
    var count = 0
    var partner = sorted.count - 1
    for index in sorted.indices {
      while partner >= index, sorted[index] / 2 + sorted[partner] / 2 > limit { partner -= 1 }
      guard partner >= index else { break }
      count += partner - index + 1
    }
    return count
  }
}
