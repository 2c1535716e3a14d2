import Model

/// Context switches because the program waited.
///
/// One or two of them are the harness's own: the program waits for its release before exec, and at the stop at its exit;
/// a workload also waits at the end of each phase while it is read. How many of these waits switched is not known.
///
/// A count, of the program and of the descendants that it waited for. Source: getrusage(2), through wait4(2).
public enum SwitchesVoluntary: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "switches_voluntary", title: "vol. switches",
    explanation: "Context switches because the program waited; one or two are the harness's own.",
    unit: .count, better: .lower, resolution: MetricLimits.switches)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(Double(observation.usage.switchesVoluntary), .counted)
  }
}
