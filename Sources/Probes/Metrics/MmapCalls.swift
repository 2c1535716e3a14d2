import Model

/// How often mappings were asked for.
///
/// A count, of all threads and descendants.
/// Source: tracepoint syscalls:sys_enter_mmap.
public enum MmapCalls: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "mmap_calls", title: "mmap calls",
    explanation:
      "Calls of mmap(2), from exec to end, the dynamic loader's too.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.mmapCalls) }
}
