import Model

/// CPU time in the kernel of the program and of the descendants that it waited for.
///
/// Unit: seconds. Source: getrusage(2), through wait4(2).
public enum CPUSystem: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cpu_system", title: "CPU sys",
    explanation: "CPU time in the kernel.",
    unit: .seconds, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(observation.usage.system.seconds, .counted)
  }
}
