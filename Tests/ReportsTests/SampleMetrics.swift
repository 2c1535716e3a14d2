import Model

/// Definitions for samples: what real tables show, and one metric of every kind.
enum SampleMetrics {
  static let all: [MetricDefinition] = [
    metric("wall", "wall", "elapsed time from release to exit", .seconds),
    metric("cpu", "CPU", "user and system time of the process and its children", .seconds),
    metric("throughput", "throughput", "operations per wall second of the steady phase", .perSecond, .higher),
    metric("time_per_op", "CPU/op", "CPU time of the steady phase per operation", .nanoseconds),
    metric("malloc_p99", "malloc p99", "99th percentile of the time of a malloc", .nanoseconds),
    metric("peak_resident", "peak RSS", "most pages in RAM at any moment (VmHWM)", .bytes),
    metric("mean_resident", "mean RSS", "resident bytes over time, divided by the time", .bytes),
    metric(
      "retained_resident", "retained RSS", "resident after everything was freed and the program idled",
      .bytes),
    metric(
      "residence_half_life", "half-life", "time until half of the freed resident memory had gone back",
      .seconds),
    metric("overhead", "overhead", "peak resident divided by peak live bytes", .ratio),
    metric("faults_minor", "minor faults", "page faults served without I/O", .count),
    metric("instructions", "instructions", "instructions of the steady phase", .count),
  ]

  private static func metric(
    _ id: MetricID, _ title: String, _ explanation: String, _ unit: MetricUnit, _ better: Direction = .lower
  ) -> MetricDefinition {
    MetricDefinition(id: id, title: title, explanation: explanation, unit: unit, better: better)
  }
}
