import Model

/// How often the program called the allocator.
///
/// Unit: calls of malloc, calloc, realloc, aligned_alloc and free, in all phases. Fixed by the workload's parameters: two
/// builds that differ here do not do the same work.
/// Source: `Workloads/support/telemetry_layout.h`.
public enum Operations: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "operations", title: "operations", explanation: "Calls of the allocator in all phases.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry != nil else { return observation.noPage }
    guard let last = observation.series.marks.last, last.phase == "done" else {
      return .unavailable("the program did not come to its end")
    }
    return .value(Double(last.operations), .counted)
  }
}
