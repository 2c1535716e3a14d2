import Histogram
import Model

/// Percentiles of latencies, by HdrHistogram.
enum LatencyPercentile {
  /// The percentile in ns, or why there is none. A bucket of the workload's histogram counts at its middle.
  static func value(_ percentile: Double, _ reading: LatencyReading?, _ observation: Observation)
    -> MetricValue
  {
    guard let reading else { return missing(observation) }
    var histogram = Histogram<UInt64>(
      highestTrackableValue: max(2, reading.maximum), numberOfSignificantValueDigits: .two)
    for bucket in reading.buckets {
      let middle = min(max(1, bucket.low + (bucket.high - bucket.low) / 2), max(2, reading.maximum))
      _ = histogram.record(middle, count: bucket.count)
    }
    return .value(Double(min(histogram.valueAtPercentile(percentile), reading.maximum)), .counted)
  }

  /// The longest call in ns, or why there is none.
  static func maximum(_ reading: LatencyReading?, _ observation: Observation) -> MetricValue {
    guard let reading else { return missing(observation) }
    return .value(Double(reading.maximum), .counted)
  }

  private static func missing(_ observation: Observation) -> MetricValue {
    guard let telemetry = observation.telemetry else { return observation.noPage }
    return telemetry.go == nil
      ? .unavailable("latencies were not asked for (--latency)")
      : .unavailable("Go programs do not time their allocations")
  }
}
