import Model

/// How often the kernel was told what pages are for, which is how allocators give them back.
///
/// A count, of all threads and descendants.
/// Source: tracepoint syscalls:sys_enter_madvise.
public enum MadviseCalls: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "madvise_calls", title: "madvise calls",
    explanation:
      "Calls of madvise(2), from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.madviseCalls) }
}
