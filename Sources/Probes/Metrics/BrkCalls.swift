import Model

/// How often the end of the heap was asked for or moved.
///
/// A count, of all threads and descendants.
/// Source: tracepoint syscalls:sys_enter_brk.
public enum BrkCalls: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "brk_calls", title: "brk calls",
    explanation:
      "Calls of brk(2), from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.brkCalls) }
}
