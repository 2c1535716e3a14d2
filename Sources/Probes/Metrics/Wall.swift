import Model

/// Wall time of the program.
///
/// Unit: seconds, CLOCK_MONOTONIC. For a workload from its release to its last mark, less the idle phases and less the
/// time in which it waited for the harness; for a command from release to its end.
public enum Wall: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "wall", title: "wall",
    explanation: "Wall time; without idle phases and without waiting for the harness.",
    unit: .seconds, better: .lower, resolution: MetricLimits.time)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    let marks = observation.series.marks
    guard observation.telemetry != nil, let last = marks.last else {
      return .value(observation.elapsed.seconds, .counted)
    }
    let holds = marks.dropLast().reduce(0) { $0 + ($1.began - $1.ended).count }
    let idle = observation.spans(of: "idle").reduce(0) { $0 + $1.wall.count }
    return .value(Nanoseconds(last.ended.count - holds - idle).seconds, .counted)
  }
}
