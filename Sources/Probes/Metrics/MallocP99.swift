import Model

/// p99 of the latency of malloc, calloc, realloc and aligned_alloc.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum MallocP99: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "malloc_p99", title: "malloc p99",
    explanation: "p99 latency of malloc.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.value(99, observation.telemetry?.mallocLatency, observation)
  }
}
