import Model

/// Page faults that waited for a device.
///
/// A count, of the program and of the descendants that it waited for. Source: getrusage(2), through wait4(2).
public enum FaultsMajor: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "faults_major", title: "major faults",
    explanation: "Page faults that waited for a device.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(Double(observation.usage.faultsMajor), .counted)
  }
}
