import Model

/// Readings at absolute deadlines, with real time stamps. A reading that comes more than one period late has
/// missed its ticks: they are counted, never interpolated.
struct CurveSampler {
  /// Nanoseconds between readings; 0 when the curve is off.
  let period: Nanoseconds64
  private(set) var samples: [ResidentSeries.Sample] = []
  private(set) var missedTicks = 0
  private var next: Nanoseconds64 = 0
  private(set) var origin: Nanoseconds64 = 0

  /// Buffers are reserved for the time limit, at most for a million readings (24 MB).
  init(rateHz: Int, timeLimit: Nanoseconds) {
    period = rateHz > 0 ? 1_000_000_000 / Int64(rateHz) : 0
    guard period > 0 else { return }
    let expected = timeLimit.count > 0 ? timeLimit.count / period : 6000
    samples.reserveCapacity(Int(clamping: min(max(expected, 100), 4096)))
  }

  /// Starts the clock; the first reading is due at once.
  mutating func start(at origin: Nanoseconds64) {
    self.origin = origin
    next = origin
  }

  /// Time until the next reading is due; nil when the curve is off.
  func wait(now: Nanoseconds64) -> Nanoseconds64? {
    period > 0 ? max(0, next - now) : nil
  }

  /// Whether a reading is due.
  func isDue(now: Nanoseconds64) -> Bool { period > 0 && now >= next }

  /// Moves the deadline past `now`, counting the ticks that were skipped.
  mutating func advance(now: Nanoseconds64) {
    let late = (now - next) / period
    missedTicks += Int(clamping: late)
    next += (late + 1) * period
  }

  /// Keeps a reading.
  mutating func append(now: Nanoseconds64, resident: Bytes, live: Bytes?) {
    samples.append(.init(time: Nanoseconds(now - origin), resident: resident, live: live))
  }
}
