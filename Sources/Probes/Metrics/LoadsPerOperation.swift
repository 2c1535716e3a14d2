import Model

/// Loads of the steady phase per operation, over all threads.
///
/// Read while the workload waits between its phases, so that start-up stays out. It holds what the workload itself does
/// between two calls: compare it, do not read it as the loads of malloc.
public enum LoadsPerOperation: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "loads_per_operation", title: "loads/op",
    explanation: "Loads of the steady phase per call of the allocator, the workload's own included.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    observation.countedPerOperation(.loads)
  }
}
