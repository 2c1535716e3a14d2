import Model

extension Observation {
  /// An event's count from exec to end, as a metric's value.
  ///
  /// Where the event shared its counter with others, a part is extrapolated: then it was sampled.
  func counted(_ event: CountedEvent) -> MetricValue {
    guard let events else { return Self.noEvents }
    do throws(EventObstacle) {
      let count = try events.count(of: event)
      return .value(count.value, count.provenance)
    } catch {
      return .unavailable(error.description)
    }
  }

  /// An event's count per operation of the steady phase.
  func countedPerOperation(_ event: CountedEvent) -> MetricValue {
    guard let events else { return Self.noEvents }
    do throws(EventObstacle) {
      // First whether it can be counted at all: that is what a reader has to know.
      let whole = try events.count(of: event)
      guard telemetry != nil else { return noPage }
      let steady = series.marks.indices.dropLast().filter { series.marks[$0].phase == "steady" }
      let operations = spans(of: "steady").reduce(0) { $0 + $1.operations }
      guard operations > 0 else { return .unavailable("the steady phase has no operations") }
      let count = try events.count(of: event, after: steady)
      let provenance = whole.isExtrapolated ? whole.provenance : count.provenance
      return .value(count.value / Double(operations), provenance)
    } catch {
      return .unavailable(error.description)
    }
  }

  private static let noEvents = MetricValue.unavailable("not asked for (--events none)")
}

extension EventCount {
  /// Whether every event was seen.
  fileprivate var provenance: Provenance { isExtrapolated ? .sampled : .counted }
}
