import Model

/// The part of retained that was freed by MADV_FREE: resident only until the kernel needs it.
///
/// Unit: bytes. LazyFree of smaps_rollup at the end of the last idle phase. What Go gives back with
/// GODEBUG=madvdontneed=0 stands here, and jemalloc's muzzy pages.
/// Source: proc_pid_smaps(5), madvise(2).
public enum RetainedLazyFree: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "retained_lazy_free", title: "lazily freed",
    explanation: "Part of retained that was freed by MADV_FREE: the kernel takes it when it needs it.",
    unit: .bytes, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard observation.telemetry != nil else { return observation.noPage }
    guard let mark = observation.endOfIdle else { return Observation.noEndOfIdle }
    guard let lazy = mark.lazyFree else { return .unavailable("smaps_rollup has no LazyFree") }
    return .value(Double(lazy.count), .counted)
  }
}
