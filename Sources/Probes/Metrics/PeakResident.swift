import Model

/// Peak resident set size of the measured program.
///
/// Unit: bytes. VmHWM, read while the program waits in its exit stop, because a zombie has no VmHWM. For a command
/// the larger of it and `ru_maxrss`, which also covers descendants that were waited for. Where the exit stop was
/// refused, `ru_maxrss` alone: exact too, since the program was forked from a launcher below 1 MB.
/// The kernel sums VmHWM up late, per CPU, so it can miss some hundred KiB: an exact reading at a phase's end that
/// is larger counts.
/// Source: proc_pid_status(5), getrusage(2).
public enum PeakResident: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "peak_resident", title: "peak RSS",
    explanation: "Highest resident set size (VmHWM, kept by the kernel).",
    unit: .bytes, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    let fromUsage = observation.usage.maximumResident
    guard let highWater = observation.residentHighWater else {
      guard fromUsage.count > 0 else { return .unavailable("the program ended before it could be read") }
      return .value(Double(fromUsage.count), .counted)
    }
    let exact = observation.series.marks.compactMap(\.resident).max() ?? Bytes(0)
    let peak = max(highWater, observation.telemetry == nil ? fromUsage : exact)
    return .value(Double(peak.count), .counted)
  }
}
