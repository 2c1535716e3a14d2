import Model

/// What a command still held when it came to its end.
///
/// Unit: bytes. The tree's resident memory in the exit stop of its root, before the kernel takes it back: for a program
/// that frees its memory and ends, what its allocator kept. For a workload of ours `retained_resident` says more.
/// Source: proc_pid_smaps(5).
public enum EndResident: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "end_resident", title: "at the end",
    explanation: "Resident memory of all processes of a command when its first one exits.",
    unit: .bytes, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry == nil else {
      return .unavailable("for workloads retained_resident says what stays")
    }
    guard let resident = observation.endResident else {
      return .unavailable("it was killed, or its exit stop was refused: nobody could look at its end")
    }
    return .value(Double(resident.count), .counted)
  }
}
