/// What one descriptor of an event read at the end.
public struct CounterReading: Hashable, Sendable {
  /// The count, of this process and its descendants.
  public var value: UInt64
  /// Time that the event was to be counted, ns.
  public var enabled: UInt64
  /// Time that it was on a counter, ns.
  public var running: UInt64

  /// States a reading.
  public init(value: UInt64, enabled: UInt64, running: UInt64) {
    self.value = value
    self.enabled = enabled
    self.running = running
  }
}

/// How often an event happened in a trial.
public struct EventCount: Hashable, Sendable {
  /// The number, extrapolated where the event was not on a counter all the time.
  public var value: Double
  /// The share of the time in which it was on a counter: 1 when it was counted whole.
  public var runningShare: Double

  /// States a count.
  public init(value: Double, runningShare: Double) {
    self.value = value
    self.runningShare = runningShare
  }

  /// Whether counters were shared with other events, so that a part was extrapolated.
  public var isExtrapolated: Bool { runningShare < 1 }

  /// Puts the readings of one event together: one, or one for each kind of core.
  ///
  /// On a machine with two kinds of core a thread is on one of them at a time: the sum is scaled, not each part, by
  /// the enabled time that both have in common. Throws: `notCounted` when it was never on a counter.
  public init(_ readings: [CounterReading]) throws(EventObstacle) {
    let enabled = readings.map(\.enabled).max() ?? 0
    let running = readings.reduce(0) { $0 + $1.running }
    guard enabled > 0 else {
      throw EventObstacle(.notCounted, "not counted: the program never began")
    }
    guard running > 0 else {
      throw EventObstacle(
        .notCounted, "not counted: it was never on a counter, which others held all the time",
        remedy: "end other users of the PMU, or let the program run longer")
    }
    let sum = readings.reduce(0.0) { $0 + Double($1.value) }
    let share = Double(running) / Double(enabled)
    // Kernels that stop the time of a foreign kind of core let the parts exceed the whole.
    value = share < 1 ? sum / share : sum
    runningShare = min(1, share)
  }
}
