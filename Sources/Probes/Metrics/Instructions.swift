import Model

/// Instructions that the program's own code retired.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_HW_INSTRUCTIONS.
public enum Instructions: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "instructions", title: "instructions",
    explanation:
      "Instructions retired in the program's own code, from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.instructions) }
}
