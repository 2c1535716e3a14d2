import Model

/// CPU time in user mode of the program and of the descendants that it waited for.
///
/// Unit: seconds. Source: getrusage(2), through wait4(2).
public enum CPUUser: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cpu_user", title: "CPU user",
    explanation: "CPU time in user mode.",
    unit: .seconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(observation.usage.user.seconds, .counted)
  }
}
