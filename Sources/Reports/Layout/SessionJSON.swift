import Model

/// The head of the JSON document: session, plan, host, artifacts and what was skipped.
struct SessionJSON {
  let session: Session

  /// Everything of the session but its cells.
  var value: JSONText {
    let host = session.host.map { (key: $0.name, value: JSONText.string($0.value)) }
    return .object([
      ("id", .string(session.id)),
      ("started", .string(Timestamp.iso8601(session.startedAt))),
      ("seed", .unsigned(session.plan.seed)),
      ("title", .string(session.plan.title)),
      ("version", .string(session.version)),
      ("command_line", .strings(session.commandLine)),
      ("plan", plan(session.plan)),
      ("host", .dictionary(host)),
      ("artifacts", .array(session.artifacts.map(artifact))),
      ("skipped", .array(session.skipped.map(skipped))),
    ])
  }

  /// The keys that name what was executed: the same in a plan and in a cell.
  static func subject(_ subject: Subject) -> [(key: String, value: JSONText)] {
    let parameters = subject.parameters.map { (key: $0.name, value: JSONText.integer($0.value)) }
    let start: [(key: String, value: JSONText)] = [
      ("workload", .string(subject.workload)), ("parameters", .dictionary(parameters)),
    ]
    guard case .command(let arm, let arguments) = subject else { return start }
    return start + [("arm", .string(arm)), ("command", .strings(arguments))]
  }

  /// A set of settings with its variables.
  static func settings(_ set: SettingsSet) -> JSONText {
    let environment = set.environment.map { (key: $0.variable, value: JSONText.string($0.value)) }
    return .object([("name", .string(set.name)), ("env", .dictionary(environment))])
  }

  private func plan(_ plan: Plan) -> JSONText {
    .object([
      ("title", .string(plan.title)),
      ("subjects", .array(plan.subjects.map { .object(SessionJSON.subject($0)) })),
      ("variants", .strings(plan.variants.map(\.description))),
      ("settings", .array(plan.settings.map(SessionJSON.settings))),
      ("reference", .string(plan.reference.description)),
      ("trials", .integer(Int64(plan.trials))),
      ("warmup_blocks", .integer(Int64(plan.warmupBlocks))),
      ("seed", .unsigned(plan.seed)),
      ("sampling", sampling(plan.sampling)),
      ("limits", limits(plan.limits)),
    ])
  }

  private func sampling(_ sampling: Sampling) -> JSONText {
    .object([
      ("rate_hz", .integer(Int64(sampling.rateHz))),
      ("latency", .boolean(sampling.latency)),
      ("counters", .boolean(sampling.counters)),
      ("events", .string(sampling.events.rawValue)),
    ])
  }

  private func limits(_ limits: Limits) -> JSONText {
    .object([
      ("time_s", .number(limits.time.seconds)),
      ("memory_bytes", limits.memory.map { .integer($0.count) } ?? .null),
    ])
  }

  private func artifact(_ artifact: ArtifactRecord) -> JSONText {
    .object([
      ("kind", .string(artifact.kind)),
      ("path", .string(artifact.path)),
      ("size", .integer(artifact.size.count)),
      ("sha256", .string(artifact.sha256)),
      ("origin", .string(artifact.origin)),
    ])
  }

  private func skipped(_ skip: SkippedVariant) -> JSONText {
    .object([
      ("variant", .string(skip.variant.description)),
      ("workload", .optional(skip.workload)),
      ("reason", .string(skip.reason)),
    ])
  }
}
