import Model

/// Branches that were predicted wrongly.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_HW_BRANCH_MISSES.
public enum BranchMisses: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "branch_misses", title: "branch misses",
    explanation:
      "Branches of the program's own code that were predicted wrongly, from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.branchMisses) }
}
