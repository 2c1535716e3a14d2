import Model

/// Simulated figures as values with names, for the formats that have a line for each value.
enum SimulatedValues {
  /// One value.
  struct Value {
    let name: String
    let number: Double
  }

  /// The names that a cell would have, for one that could not be simulated.
  static let unavailableName = "simulated_loads"

  /// All figures of a cell: whole runs, and for each operation where these were counted.
  static func values(_ events: SimulatedEvents) -> [Value] {
    group("simulated", events.total) + group("simulated_allocator", events.allocator)
      + group("simulated", events.perOperation, "_per_operation")
      + group("simulated_allocator", events.allocatorPerOperation, "_per_operation")
  }

  private static func group(_ start: String, _ totals: EventTotals?, _ end: String = "") -> [Value] {
    guard let totals else { return [] }
    let figures = [
      ("instructions", totals.instructions), ("loads", totals.loads), ("stores", totals.stores),
      ("d1_misses", totals.d1Misses), ("ll_misses", totals.llMisses),
    ]
    return figures.map { Value(name: "\(start)_\($0.0)\(end)", number: $0.1) }
  }
}
