import Model

/// The longest call of free.
///
/// Unit: nanoseconds, one reading of the clock included. Only with `--latency`, because two clock readings a call cost.
public enum FreeMax: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "free_max", title: "free max",
    explanation: "Longest call of free.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    LatencyPercentile.maximum(observation.telemetry?.freeLatency, observation)
  }
}
