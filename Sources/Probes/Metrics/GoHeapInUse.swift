import Model

/// Go heap in use: bytes of the Go heap's spans that hold objects.
///
/// Unit: bytes. The highest of the readings at the ends of phases, which are sampled: between two of them it may have
/// been higher. Memory that C allocates through cgo is not part of it.
/// Source: runtime/metrics, `/memory/classes/heap/objects:bytes` + `/memory/classes/heap/unused:bytes`, which is
/// `HeapInuse` of runtime.MemStats.
public enum GoHeapInUse: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "go_heap_inuse", title: "Go heap",
    explanation: "Most bytes of the Go heap that held objects at the end of a phase.",
    unit: .bytes, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let go = observation.telemetry?.go else { return observation.notGo }
    guard let highest = go.heaps.map(\.inUse).max() else { return Observation.noGoMarks }
    return .value(Double(highest.count), .sampled)
  }
}
