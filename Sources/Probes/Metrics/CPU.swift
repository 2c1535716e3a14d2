import Model

/// CPU time, user mode and kernel together.
///
/// Unit: seconds. Source: getrusage(2), through wait4(2).
public enum CPU: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cpu", title: "CPU",
    explanation: "CPU time, user mode and kernel together.",
    unit: .seconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(observation.usage.user.seconds + observation.usage.system.seconds, .counted)
  }
}
