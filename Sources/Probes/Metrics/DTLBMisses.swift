import Model

/// Loads whose page no data TLB had.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_HW_CACHE_DTLB, read, miss.
public enum DTLBMisses: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "dtlb_misses", title: "dTLB misses",
    explanation:
      "Loads whose page no data TLB had, from exec to end, as the kernel maps this event for the CPU.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.dtlbMisses) }
}
