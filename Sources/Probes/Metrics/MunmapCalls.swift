import Model

/// How often mappings were given back.
///
/// A count, of all threads and descendants.
/// Source: tracepoint syscalls:sys_enter_munmap.
public enum MunmapCalls: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "munmap_calls", title: "munmap calls",
    explanation:
      "Calls of munmap(2), from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.munmapCalls) }
}
