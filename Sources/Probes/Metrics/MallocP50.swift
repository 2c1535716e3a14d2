import Model

/// p50 of the latency of malloc, calloc, realloc and aligned_alloc.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum MallocP50: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "malloc_p50", title: "malloc p50",
    explanation: "p50 latency of malloc.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.value(50, observation.telemetry?.mallocLatency, observation)
  }
}
