import Model

/// Page faults without input or output.
///
/// A count, of the program and of the descendants that it waited for. Source: getrusage(2), through wait4(2).
public enum FaultsMinor: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "faults_minor", title: "minor faults",
    explanation: "Page faults without input or output.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(Double(observation.usage.faultsMinor), .counted)
  }
}
