import Model

/// Stores that the program's own code made.
///
/// A count, of all threads and descendants.
/// Source: Intel event 0xd0 umask 0x82, AMD event 0x29 umasks 2 and 4, ARM ST_RETIRED.
public enum Stores: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "stores", title: "stores",
    explanation:
      "Stores of the program's own code, from exec to end: retired (Intel, ARM) or dispatched (AMD).",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.stores) }
}
