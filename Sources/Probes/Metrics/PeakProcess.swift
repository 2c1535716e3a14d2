import Model

/// Peak resident set size of the largest single process.
///
/// Unit: bytes. VmHWM of each process of a command's tree, read in its exit stop, and `ru_maxrss` of those that were
/// waited for: the kernel keeps both. For one process alone it is what `peak_resident` is. Which process it was stands
/// in the list of processes.
/// Source: proc_pid_status(5), getrusage(2).
public enum PeakProcess: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "peak_process", title: "peak of one",
    explanation: "Highest resident set size of the largest single process (VmHWM, kept by the kernel).",
    unit: .bytes, better: .lower, resolution: MetricLimits.resident)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.processes.count > 1 else { return PeakResident.value(observation) }
    let peaks = observation.processes.compactMap(\.peakResident)
    guard let largest = peaks.max() else { return .unavailable("no process could be read before it ended") }
    // A process whose end nobody saw may have been larger, unless the kernel has told of it.
    let isWhole = peaks.count == observation.processes.count
    let peak = max(largest, observation.usage.maximumResident)
    return .value(Double(peak.count), isWhole || peak > largest ? .counted : .sampled)
  }
}
