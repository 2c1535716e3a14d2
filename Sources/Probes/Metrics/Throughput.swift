import Model

/// Operations per wall second of the steady phase.
///
/// Unit: 1/s. One operation is one call of malloc, calloc, realloc, aligned_alloc or free.
public enum Throughput: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "throughput", title: "ops/s",
    explanation: "Calls of the allocator per wall second of the steady phase.",
    unit: .perSecond, better: .higher)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry != nil else { return observation.noPage }
    let steady = observation.spans(of: "steady")
    let seconds = steady.reduce(0) { $0 + $1.wall.seconds }
    let operations = steady.reduce(0) { $0 + $1.operations }
    guard seconds > 0, operations > 0 else { return .unavailable("the steady phase has no operations") }
    return .value(Double(operations) / seconds, .counted)
  }
}
