/// What the events of one trial said: at its end, and at each mark of a workload.
public struct TrialEvents: Hashable, Sendable {
  /// Readings of each event, one for each kind of core; or why there are none.
  public typealias Readings = [CountedEvent: Result<[CounterReading], EventObstacle>]

  /// At the end, of everything since the exec.
  public var end: Readings
  /// At each mark, of everything up to it.
  public var marks: [Readings]

  /// States readings.
  public init(end: Readings, marks: [Readings] = []) {
    self.end = end
    self.marks = marks
  }

  /// How often an event happened from exec to end.
  ///
  /// Throws: why that is not known.
  public func count(of event: CountedEvent) throws(EventObstacle) -> EventCount {
    try trusted(event)
    return try EventCount(try readings(of: event, in: end))
  }

  /// How often an event happened between marks: between each one of `spans` and the next mark.
  ///
  /// Throws: why that is not known.
  public func count(of event: CountedEvent, after spans: [Int]) throws(EventObstacle) -> EventCount {
    try trusted(event)
    var sum: [CounterReading] = []
    for index in spans where index + 1 < marks.count {
      let parts = zip(
        try readings(of: event, in: marks[index]), try readings(of: event, in: marks[index + 1])
      ).map { $1.since($0) }
      sum = sum.isEmpty ? parts : zip(sum, parts).map { $0.plus($1) }
    }
    return try EventCount(sum)
  }

  /// The smallest share of the time in which any event was on a counter; nil where none was counted.
  public var runningShare: Double? {
    end.keys.compactMap { try? count(of: $0).runningShare }.min()
  }

  private func readings(
    of event: CountedEvent, in readings: Readings
  ) throws(EventObstacle) -> [CounterReading] {
    guard let result = readings[event] else {
      throw EventObstacle(.notAsked, "not asked for", remedy: "--events all counts it")
    }
    return try result.get()
  }

  /// A program cannot run in no cycles or without instructions: where a PMU says so, nothing it says counts.
  private func trusted(_ event: CountedEvent) throws(EventObstacle) {
    guard event.isHardware else { return }
    for proof in [CountedEvent.cycles, .instructions] {
      guard case .success(let readings)? = end[proof], readings.contains(where: { $0.running > 0 }),
        readings.allSatisfy({ $0.value == 0 })
      else { continue }
      throw EventObstacle(
        .notCounted, "the PMU counted no \(proof.rawValue) of a program that ran: it does not work here",
        remedy: "in a virtual machine, check how the hypervisor passes the PMU through")
    }
  }
}

extension CounterReading {
  /// What was added after an earlier reading.
  func since(_ earlier: CounterReading) -> CounterReading {
    CounterReading(
      value: value - min(value, earlier.value), enabled: enabled - min(enabled, earlier.enabled),
      running: running - min(running, earlier.running))
  }

  /// Both together.
  func plus(_ other: CounterReading) -> CounterReading {
    CounterReading(
      value: value + other.value, enabled: enabled + other.enabled, running: running + other.running)
  }
}
