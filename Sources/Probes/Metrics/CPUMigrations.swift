import Model

/// Moves of threads between CPUs.
///
/// A count, of all threads and descendants.
/// Source: perf_event_open(2), PERF_COUNT_SW_CPU_MIGRATIONS.
public enum CPUMigrations: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cpu_migrations", title: "CPU migrations",
    explanation:
      "Moves of a thread from one CPU to another, from exec to end.",
    unit: .count, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue { observation.counted(.cpuMigrations) }
}
