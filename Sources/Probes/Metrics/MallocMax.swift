import Model

/// The longest call of malloc, calloc, realloc and aligned_alloc.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum MallocMax: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "malloc_max", title: "malloc max",
    explanation: "Longest call of malloc.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.maximum(observation.telemetry?.mallocLatency, observation)
  }
}
