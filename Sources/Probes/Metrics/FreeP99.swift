import Model

/// p99 of the latency of free.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum FreeP99: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "free_p99", title: "free p99",
    explanation: "p99 latency of free.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.value(99, observation.telemetry?.freeLatency, observation)
  }
}
