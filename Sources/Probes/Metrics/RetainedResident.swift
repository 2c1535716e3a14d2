import Model

/// Retained resident: what is still resident after the program freed everything and idled.
///
/// Unit: bytes. The exact sum over all mappings (smaps_rollup, Rss) at the end of the last idle phase, with code and
/// libraries: a floor of one to two MB is common to all.
/// Source: proc_pid_smaps(5).
public enum RetainedResident: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "retained_resident", title: "retained",
    explanation: "Resident set at the end of the last idle phase, after everything was freed.",
    unit: .bytes, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry != nil else { return observation.noPage }
    guard let mark = observation.endOfIdle else { return Observation.noEndOfIdle }
    guard let resident = mark.resident else {
      return .unavailable("smaps_rollup could not be read")
    }
    return .value(Double(resident.count), .counted)
  }
}
