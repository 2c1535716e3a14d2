import Model

/// CPU time, user mode and kernel together.
///
/// Unit: seconds. The scheduler's clock of every process of the tree, read when it has ended (clock_getcpuclockid(3)); where
/// that missed some, the tree's control group, and without one what wait4(2) says of those that were waited for.
public enum CPU: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cpu", title: "CPU",
    explanation: "CPU time, user mode and kernel together.",
    unit: .seconds, better: .lower, resolution: MetricLimits.time)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    if observation.sawWholeTree { return .value(observation.usage.cpu.seconds, .counted) }
    if let charged = observation.chargedCPU { return .value(charged.seconds, .counted) }
    return .value(observation.usage.cpu.seconds, .sampled)
  }
}
