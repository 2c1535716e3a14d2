/// The means of all pairs of some values, each value also paired with itself, in sorted order.
///
/// There are n(n+1)/2 of them, too many to write down for a thousand trials: one is found by bisection of
/// the floating-point numbers, counting at each step how many averages lie at or below. Exact, since the
/// rounded mean of two numbers never falls when one of them rises.
struct WalshAverages {
  private let sorted: [Double]

  /// Prepares the averages of finite values.
  init(_ values: [Double]) { sorted = values.sorted() }

  /// How many averages there are.
  var count: Int { sorted.count * (sorted.count + 1) / 2 }

  /// The middle one, or the mean of the two in the middle; nil without values.
  var median: Double? {
    guard count > 0 else { return nil }
    let upper = value(at: count / 2)
    return count.isMultiple(of: 2) ? value(at: count / 2 - 1) / 2 + upper / 2 : upper
  }

  /// The average at a place from 0 to `count` − 1.
  func value(at place: Int) -> Double {
    var low = WalshAverages.key(sorted[0])
    var high = WalshAverages.key(sorted[sorted.count - 1])
    while low < high {
      let middle = low + (high - low) / 2
      if countUp(to: WalshAverages.number(middle)) > place { high = middle } else { low = middle + 1 }
    }
    // Adding 0 turns −0 into 0.
    return WalshAverages.number(low) + 0
  }

  /// How many averages lie at or below a limit: the partner reaches less far for each larger value.
  private func countUp(to limit: Double) -> Int {
    var count = 0
    var partner = sorted.count - 1
    for index in sorted.indices {
      while partner >= index, sorted[index] / 2 + sorted[partner] / 2 > limit { partner -= 1 }
      guard partner >= index else { break }
      count += partner - index + 1
    }
    return count
  }

  /// Whole numbers in the order of the floating-point numbers: the bits of IEEE 754, negatives turned over.
  private static func key(_ number: Double) -> UInt64 {
    let bits = number.bitPattern
    return number.sign == .minus ? ~bits : bits | 1 << 63
  }

  /// The number of a key.
  private static func number(_ key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 0 ? ~key : key ^ 1 << 63)
  }
}
