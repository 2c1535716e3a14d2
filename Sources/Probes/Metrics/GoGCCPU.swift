import Model

/// The collector's share of the CPU time that was available to the Go program.
///
/// A ratio from 0 to 1, of GOMAXPROCS × wall time, idle or not. The runtime brings both figures up to date at the end of
/// each collection only, so it is sampled.
/// Source: runtime/metrics, `/cpu/classes/gc/total:cpu-seconds` ÷ `/cpu/classes/total:cpu-seconds`.
public enum GoGCCPU: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "go_gc_cpu", title: "GC CPU",
    explanation: "Share of the available CPU time that the Go collector took, as the runtime estimates it.",
    unit: .ratio, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let go = observation.telemetry?.go else { return observation.notGo }
    guard let totals = go.totals else { return Observation.noGoTotals }
    guard totals.available.count > 0 else { return .unavailable("there was no collection") }
    return .value(Double(totals.collecting.count) / Double(totals.available.count), .sampled)
  }
}
