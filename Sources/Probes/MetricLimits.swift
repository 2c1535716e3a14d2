/// What the instruments behind the metrics resolve, in the unit of the metric.
enum MetricLimits {
  /// Resident memory as the kernel adds it up: bytes.
  ///
  /// Each CPU keeps up to 32 pages of each kind (more, where there are more than 16 CPUs) to itself before it adds them,
  /// which is 256 KiB with two, and VmHWM was seen 0.05 to 0.18 MiB, ru_maxrss 0.3 MiB below exact sums over page tables. A program that
  /// does nothing is below it or a little above.
  /// Source: linux/percpu_counter.h, `percpu_counter_batch`; mm/memory.c.
  static let resident = 524_288.0
  /// What one thread may have asked for before it is published: `HS_FLUSH_BYTES` of `telemetry_layout.h`.
  static let live = 32_768.0
  /// CPU and wall time: seconds. Fork, exec and exit of an empty program take that long, and the launcher's wake-ups.
  static let time = 0.001
  /// A tick of CONFIG_HZ=250, by which the kernel splits CPU time into user and system: seconds.
  ///
  /// Source: kernel/sched/cputime.c, `cputime_adjust`: the sum is exact, its parts are in the proportion of ticks.
  static let tick = 0.004
  /// Between two readings of the resident curve at 100 Hz: seconds.
  static let reading = 0.01
}
