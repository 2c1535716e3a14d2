import Model

/// p99.9 of the latency of malloc, calloc, realloc and aligned_alloc.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum MallocP999: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "malloc_p999", title: "malloc p99.9",
    explanation: "p99.9 latency of malloc.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.value(99.9, observation.telemetry?.mallocLatency, observation)
  }
}
