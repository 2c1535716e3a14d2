import Model

/// p99.9 of the latency of free.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum FreeP999: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "free_p999", title: "free p99.9",
    explanation: "p99.9 latency of free.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.value(99.9, observation.telemetry?.freeLatency, observation)
  }
}
