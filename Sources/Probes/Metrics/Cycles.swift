import Model

/// CPU cycles that the program's own code took.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_HW_CPU_CYCLES.
public enum Cycles: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cycles", title: "cycles",
    explanation:
      "CPU cycles in the program's own code, all threads and descendants, from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.cycles) }
}
