import Model

/// 99th percentile of the pauses that collections of the Go heap made.
///
/// Unit: nanoseconds, the upper end of the runtime's bucket (about 10 % wide). Each collection pauses twice or more.
/// Source: runtime/metrics, `/sched/pauses/total/gc:seconds`.
public enum GoGCPauseP99: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "go_gc_pause_p99", title: "GC pause p99",
    explanation: "99th percentile of the pauses that Go collections made.",
    unit: .nanoseconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let go = observation.telemetry?.go else { return observation.notGo }
    guard let totals = go.totals else { return Observation.noGoTotals }
    guard totals.pauseP99.count > 0 else { return .unavailable("there was no collection") }
    return .value(Double(totals.pauseP99.count), .counted)
  }
}
