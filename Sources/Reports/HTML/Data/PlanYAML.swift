import Model

/// A plan as a file that `heapscale run` and `heapscale compare` can be given again, seed included.
enum PlanYAML {
  /// The text; nil for a plan of commands, which no plan file can hold.
  static func text(_ plan: Plan) -> String? {
    guard plan.subjects.allSatisfy({ $0.arm == nil }) else { return nil }
    var lines = ["title: \(quoted(plan.title))", "trials: \(plan.trials)", "warmup: \(plan.warmupBlocks)"]
    lines += ["seed: \(plan.seed)", "rate: \(plan.sampling.rateHz)", "reference: \(plan.reference)"]
    lines.append("time_limit: \(plan.limits.time.count / 1_000_000)ms")
    if let memory = plan.limits.memory { lines.append("memory_limit: \(memory.count)B") }
    if plan.sampling.latency { lines.append("latency: true") }
    if plan.strict { lines.append("strict: true") }
    if plan.measuresInert { lines.append("measure_inert: true") }
    lines += ["workloads:"] + plan.subjects.map(workload)
    lines += ["variants:"] + plan.variants.map { "  - \($0)" }
    let sets = plan.settings.filter { !$0.environment.isEmpty }
    if !sets.isEmpty { lines += ["settings:"] + sets.map(settings) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func workload(_ subject: Subject) -> String {
    let parameters = subject.parameters.map { "\($0.name): \(Quantity.text($0.value, as: $0.type))" }
    guard !parameters.isEmpty else { return "  - \(subject.workload)" }
    return "  - \(subject.workload): {\(parameters.joined(separator: ", "))}"
  }

  private static func settings(_ set: SettingsSet) -> String {
    let environment = set.environment.map { "\($0.variable): \(quoted($0.value))" }.joined(separator: ", ")
    let targets = set.targets.isEmpty ? "" : ", variants: [\(set.targets.joined(separator: ", "))]"
    return "  \(set.name): {environment: {\(environment)}\(targets)}"
  }

  /// YAML reads JSON's strings.
  private static func quoted(_ text: String) -> String { JSONText.string(text).text() }
}
