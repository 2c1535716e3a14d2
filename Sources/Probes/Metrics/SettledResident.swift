import Model

/// What a command holds when it has done its work and pauses: what stays after the free.
///
/// Unit: bytes. A pause is a stretch of at least 300 ms in which no process of the tree begins or ends and all use at most a
/// fiftieth of it as CPU time (`PauseWatch`). The last pause counts before whose end at least half of the trial's CPU
/// time was used: one before the work would say nothing. The value is the curve's last reading in it.
public enum SettledResident: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "settled_resident", title: "settled",
    explanation: "Resident memory at the end of the last pause of a command, after most of its work.",
    unit: .bytes, better: .lower, resolution: MetricLimits.resident)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry == nil else {
      return .unavailable("for workloads retained_resident says what stays")
    }
    guard observation.rateHz > 0 else { return .unavailable("the sampler is off (--rate 0)") }
    guard let last = observation.pauses.last else {
      return .unavailable("it never paused for \(Int(PauseWatch.shortest.seconds * 1000)) ms")
    }
    guard last.cpu.count >= observation.usage.cpu.count / 2 else {
      return .unavailable("it paused only before most of its work")
    }
    guard let reading = observation.series.samples.last(where: { $0.time <= last.ended }),
      reading.time >= last.began
    else { return .unavailable("no reading of the curve falls into its pause; --rate takes more a second") }
    return .value(Double(reading.resident.count), .sampled)
  }
}
