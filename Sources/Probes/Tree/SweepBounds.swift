import Model

/// The PSS of a whole tree at one moment: each page counted once, whoever shares it.
struct TreeSweep {
  var time: Nanoseconds64
  /// Sum of PSS over the processes, bytes.
  var own: Int64
  /// Sum of their RSS at that moment, bytes.
  var resident: Int64
}

/// What a tree can have held between two sweeps of it.
///
/// The part of each process alone is carried on by its RSS, and those parts need not add up: when processes that share
/// pages end one after the other, each one's share grows as others go, and shares of different moments make a peak that never
/// was. Sweeps of the whole tree do add up. Between two of them it holds no more than either plus what has become
/// resident since (or until) then, and no less than either minus what was given back.
struct SweepBounds {
  /// A process at one moment.
  struct Part {
    var resident: Double
    var own: Double
    /// Its RSS in the sweep before and in the sweep after; nil where it took no part.
    var residentBefore: Double?
    var residentAfter: Double?
  }

  let sweeps: [TreeSweep]
  private var next = 0

  init(sweeps: [TreeSweep]) { self.sweeps = sweeps }

  /// The sweeps around a moment that comes after all that were asked for before.
  mutating func around(_ time: Nanoseconds64) -> (before: TreeSweep?, after: TreeSweep?) {
    while next < sweeps.count && sweeps[next].time <= time { next += 1 }
    return (next > 0 ? sweeps[next - 1] : nil, next < sweeps.count ? sweeps[next] : nil)
  }

  /// By how much the sum of the parts' own is to be multiplied to lie within the bounds.
  static func factor(
    for parts: [Part], at time: Nanoseconds64, between before: TreeSweep?, and after: TreeSweep?
  ) -> Double {
    let sum = parts.reduce(0) { $0 + $1.own }
    guard sum > 0 else { return 1 }
    var lowest = 0.0
    var highest = Double.infinity
    for (sweep, path) in [(before, \Part.residentBefore), (after, \Part.residentAfter)] {
      guard let sweep else { continue }
      var rise = 0.0
      var kept = 0.0
      for part in parts {
        guard let then = part[keyPath: path] else {
          rise += part.own
          continue
        }
        rise += max(0, part.resident - then)
        kept += min(then, part.resident)
      }
      highest = min(highest, Double(sweep.own) + rise)
      lowest = max(lowest, Double(sweep.own - sweep.resident) + kept)
    }
    if let before, let after {
      // RSS does not show pages that a copy writes to, nor those given back while others are mapped: where the bounds
      // contradict the sweeps, the sum goes straight from one sweep to the other.
      let part = Double(time - before.time) / Double(max(1, after.time - before.time))
      let line = Double(before.own) + part * Double(after.own - before.own)
      highest = max(highest, line)
      lowest = min(lowest, line)
    }
    return min(max(sum, lowest), max(highest, lowest)) / sum
  }
}
