import Model

/// Collections of the Go heap that were completed.
///
/// A count over the whole run, with the collections that the program itself asked for.
/// Source: runtime/metrics, `/gc/cycles/total:gc-cycles`.
public enum GoGCCycles: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "go_gc_cycles", title: "GC cycles",
    explanation: "Collections of the Go heap that were completed.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let go = observation.telemetry?.go else { return observation.notGo }
    guard let totals = go.totals else { return Observation.noGoTotals }
    return .value(Double(totals.cycles), .counted)
  }
}
