import Model

/// CPU time of the steady phase per operation, over all threads.
///
/// Unit: nanoseconds. It holds what the workload itself does between two calls: compare it, do not read it as the cost
/// of malloc.
public enum TimePerOperation: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "time_per_op", title: "CPU/op",
    explanation: "CPU nanoseconds of the steady phase per call of the allocator.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry != nil else { return observation.noPage }
    let steady = observation.spans(of: "steady")
    let operations = steady.reduce(0) { $0 + $1.operations }
    guard operations > 0 else { return .unavailable("the steady phase has no operations") }
    let cpu = steady.reduce(0) { $0 + $1.cpu.count }
    return .value(Double(cpu) / Double(operations), .counted)
  }
}
