import Model

/// Residence half-life: from the last free until half of the freed memory is no longer resident.
///
/// Unit: seconds; 0 when half has gone back by the time of the last free. The level is the resident set when the
/// drain began, less half of the bytes that it freed. The time is the first reading of the curve at or below it.
public enum ResidenceHalfLife: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "residence_half_life", title: "half-life",
    explanation: "Time from the last free until half of the freed bytes have gone back to the system.",
    unit: .seconds, better: .lower, resolution: MetricLimits.reading)

  /// Below this the curve's own steps (pages, per-CPU counters) hide the fall.
  static let smallestFreed: Int64 = 1 << 20

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry != nil else { return observation.noPage }
    let marks = observation.series.marks
    guard let idle = marks.lastIndex(where: { $0.phase == "idle" }), idle > 0, idle + 1 < marks.count,
      marks[idle - 1].phase == "drain"
    else { return .unavailable("the program has no drain that an idle phase follows") }
    let drain = marks[idle - 1]
    let freed = drain.live.count - marks[idle].live.count
    guard freed >= smallestFreed else { return .unavailable("the drain frees less than 1 MiB") }
    guard let before = drain.resident, let after = marks[idle].resident else {
      return .unavailable("smaps_rollup could not be read")
    }
    let level = Bytes(before.count - freed / 2)
    if after <= level { return .value(0, .counted) }
    guard observation.rateHz > 0 else { return .unavailable("the sampler is off (--rate 0)") }
    let end = marks[idle + 1].ended
    let reached = observation.series.samples.first {
      $0.time >= marks[idle].began && $0.time <= end && $0.resident <= level
    }
    guard let reached else { return .unavailable("more than half was still resident when idling ended") }
    return .value((reached.time - marks[idle].began).seconds, .sampled)
  }
}
