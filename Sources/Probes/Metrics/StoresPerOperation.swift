import Model

/// Stores of the steady phase per operation, over all threads.
///
/// Read while the workload waits between its phases, so that start-up stays out. It holds what the workload itself does
/// between two calls: compare it, do not read it as the stores of malloc.
public enum StoresPerOperation: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "stores_per_operation", title: "stores/op",
    explanation: "Stores of the steady phase per call of the allocator, the workload's own included.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    observation.countedPerOperation(.stores)
  }
}
