import Model

/// Peak live bytes: the most that the program had asked for and not freed at one time.
///
/// Unit: bytes. Counted by the workload, where each thread adds its changes up to 32 KiB before it publishes them: what
/// happened in between was not seen, so that the figure is sampled, and short by less than 32 KiB for each thread.
/// Source: `Workloads/support/telemetry_layout.h`.
public enum PeakLive: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "peak_live", title: "peak live",
    explanation: "Most bytes asked for and not freed at one time; short by less than 32 KiB for each thread.",
    unit: .bytes, better: .lower, resolution: MetricLimits.live)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let telemetry = observation.telemetry else { return observation.noPage }
    guard telemetry.attached else { return .unavailable("the program never opened its telemetry page") }
    return .value(Double(telemetry.peakLive.count), .sampled)
  }
}
