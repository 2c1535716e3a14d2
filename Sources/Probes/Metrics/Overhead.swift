import Model

/// Overhead: peak resident divided by peak live bytes. Realised fragmentation is its excess over 1.
///
/// A ratio. Where little is live the program's own code and libraries outweigh it, and there is no figure.
public enum Overhead: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "overhead", title: "overhead",
    explanation: "Peak resident divided by peak live bytes.",
    unit: .ratio, better: .lower)

  /// A small C program is resident with one to two MB without any allocation.
  static let smallestLive: Int64 = 2 << 20

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let telemetry = observation.telemetry else { return observation.noPage }
    guard case .value(let peak, _) = PeakResident.value(observation) else {
      return .unavailable("peak resident is unavailable")
    }
    guard telemetry.peakLive.count >= smallestLive else {
      return .unavailable("less than 2 MiB is live: the program itself outweighs it")
    }
    return .value(peak / Double(telemetry.peakLive.count), .sampled)
  }
}
