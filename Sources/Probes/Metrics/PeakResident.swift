import Model

/// Peak resident memory of the measured program: of all its processes together.
///
/// Unit: bytes. For a single process VmHWM, read while it waits in its exit stop, because a zombie has no VmHWM; where the
/// exit stop was refused, `ru_maxrss`, which is exact too, since the program was forked from a launcher below 1 MB.
/// For a tree the largest sum of PSS over processes that were alive together. The largest of all witnesses counts, the
/// curve's readings and exact ones at a phase's end among them: the kernel sums VmHWM up late, per CPU, so it can miss
/// some hundred KiB, and no mean can lie above the peak.
/// Source: proc_pid_status(5), proc_pid_smaps(5), getrusage(2).
public enum PeakResident: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "peak_resident", title: "peak RSS",
    explanation: "Highest resident memory of all processes together (VmHWM of one, highest PSS of several).",
    unit: .bytes, better: .lower, resolution: MetricLimits.resident)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    let largest = observation.processes.compactMap(\.peakResident).max() ?? Bytes(0)
    let single = max(observation.residentHighWater ?? Bytes(0), observation.usage.maximumResident, largest)
    let ofMarks = observation.series.marks.compactMap(\.resident).max() ?? Bytes(0)
    let ofCurve = observation.series.samples.map(\.resident).max() ?? Bytes(0)
    let ofTree = observation.treePeak ?? Bytes(0)
    let peak = max(single, ofMarks, max(ofCurve, ofTree))
    guard peak.count > 0 else { return .unavailable("the program ended before it could be read") }
    // The kernel keeps one process's; a tree's is the highest that anybody saw.
    return .value(Double(peak.count), peak == single || peak == ofMarks ? .counted : .sampled)
  }
}
