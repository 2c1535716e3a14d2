import Model

/// Mean resident set size over the run: the curve's integral over time, divided by its length.
///
/// Unit: bytes. The curve is taken as a straight line between two readings (trapezoids). A command's curve is the
/// sum over its process tree.
public enum MeanResident: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "mean_resident", title: "mean RSS",
    explanation: "Mean of the resident curve over time.",
    unit: .bytes, better: .lower, resolution: MetricLimits.resident)

  /// With fewer readings the mean would say more about their moments than about the program.
  static let minimumReadings = 5

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.rateHz > 0 else { return .unavailable("the sampler is off (--rate 0)") }
    let samples = observation.series.samples
    guard samples.count >= minimumReadings, let first = samples.first, let last = samples.last else {
      return .unavailable("the program ended within \(minimumReadings) readings; --rate takes more a second")
    }
    var integral = 0.0
    for (left, right) in zip(samples, samples.dropFirst()) {
      integral += Double(left.resident.count + right.resident.count) / 2 * (right.time - left.time).seconds
    }
    return .value(integral / (last.time - first.time).seconds, .sampled)
  }
}
