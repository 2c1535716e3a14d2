import Model

/// Loads that the program's own code made.
///
/// A count, of all threads and descendants.
/// Source: Intel event 0xd0 umask 0x81, AMD event 0x29 umasks 1 and 4, ARM LD_RETIRED.
public enum Loads: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "loads", title: "loads",
    explanation:
      "Loads of the program's own code, from exec to end: retired (Intel, ARM) or dispatched (AMD).",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.loads) }
}
