import Model

/// Page faults of the program's own code, without those that the kernel takes for it.
///
/// A count, of all threads and descendants: read or write into a fresh buffer faults in the kernel, and is not here.
/// Source: perf_event_open(2), PERF_COUNT_SW_PAGE_FAULTS without the kernel.
public enum FaultsUser: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "faults_user", title: "user faults",
    explanation: "Page faults of the program's own code, from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.pageFaults) }
}
