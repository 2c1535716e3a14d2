import Model

/// Go heap released: bytes of the Go heap that the runtime has given back to the system and not taken again.
///
/// Unit: bytes, at the end of the last idle phase. What was given back by MADV_FREE counts, though it stays resident
/// until the kernel wants it.
/// Source: runtime/metrics, `/memory/classes/heap/released:bytes`.
public enum GoHeapReleased: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "go_heap_released", title: "Go released",
    explanation: "Bytes of the Go heap given back to the system, at the end of the last idle phase.",
    unit: .bytes, better: .higher)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let go = observation.telemetry?.go else { return observation.notGo }
    guard let idle = go.heaps.lastIndex(where: { $0.phase == "idle" }), idle + 1 < go.heaps.count else {
      return .unavailable("the program did not come to the end of an idle phase")
    }
    return .value(Double(go.heaps[idle + 1].released.count), .counted)
  }
}
