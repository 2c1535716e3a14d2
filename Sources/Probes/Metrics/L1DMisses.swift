import Model

/// Loads that were not in the first data cache.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_HW_CACHE_L1D, read, miss.
public enum L1DMisses: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "l1d_misses", title: "L1d misses",
    explanation:
      "Loads that missed the first data cache, from exec to end, as the kernel maps this event for the CPU.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.l1dMisses) }
}
