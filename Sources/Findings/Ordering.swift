/// Finds a place in a sorted list too long to write down, by bisection of the floating-point numbers.
enum Ordering {
  /// The number at a place, from 0, given how many of the list lie at or below any limit.
  ///
  /// `low` and `high` are the smallest and the largest of the list.
  static func value(at place: Int, from low: Double, to high: Double, countUp: (Double) -> Int) -> Double {
    var low = key(low)
    var high = key(high)
    while low < high {
      let middle = low + (high - low) / 2
      if countUp(number(middle)) > place { high = middle } else { low = middle + 1 }
    }
    // Adding 0 turns −0 into 0.
    return number(low) + 0
  }

  /// The middle of a list of so many, or the mean of the two in the middle; nil for an empty one.
  static func median(of count: Int, value: (Int) -> Double) -> Double? {
    guard count > 0 else { return nil }
    let upper = value(count / 2)
    return count.isMultiple(of: 2) ? value(count / 2 - 1) / 2 + upper / 2 : upper
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
