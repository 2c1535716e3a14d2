import Model

/// Loads that no cache had.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_HW_CACHE_LL, read, miss; AMD event 0x43 umasks 0x08 and 0x40.
public enum LLCMisses: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "llc_misses", title: "LLC misses",
    explanation:
      "Loads that missed the last cache, from exec to end; on AMD, fills of the data cache from main memory.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.llcMisses) }
}
