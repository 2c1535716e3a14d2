import Model

/// p50 of the latency of free.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum FreeP50: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "free_p50", title: "free p50",
    explanation: "p50 latency of free.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.value(50, observation.telemetry?.freeLatency, observation)
  }
}
