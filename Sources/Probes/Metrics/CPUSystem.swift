import Model

/// CPU time in the kernel of the program and of the descendants that it waited for.
///
/// Unit: seconds. Sampled: the kernel counts the sum to the nanosecond and splits it in the proportion of the ticks that
/// found the program in user mode and in the kernel, unless CONFIG_VIRT_CPU_ACCOUNTING_NATIVE is set, which no kernel
/// for x86-64 and aarch64 has. Source: getrusage(2), through wait4(2); kernel/sched/cputime.c.
public enum CPUSystem: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "cpu_system", title: "CPU sys",
    explanation: "CPU time in the kernel; it splits the sum by ticks.",
    unit: .seconds, better: .lower, resolution: MetricLimits.tick)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    .value(observation.usage.system.seconds, .sampled)
  }
}
