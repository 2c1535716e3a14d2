import Model

/// Context switches because the program waited.
///
/// A count, of the program and of the descendants that it waited for. The waits of the harness's own making, before exec
/// and in stops, are taken off; a workload also waits at the end of each phase while it is read, and that is in it.
/// Source: getrusage(2), through wait4(2).
public enum SwitchesVoluntary: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "switches_voluntary", title: "vol. switches",
    explanation: "Context switches because the program waited.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(Double(observation.usage.switchesVoluntary), .counted)
  }
}
