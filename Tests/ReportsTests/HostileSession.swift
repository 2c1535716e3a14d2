import Model

/// A session in which every foreign text tries to do harm: markup, control codes, formulas, hidden direction
/// marks. Its figures are few, and one of them is no number.
enum HostileSession {
  static let script = "<script>alert('x')</script>"
  static let escape = "\u{1b}[2J\u{1b}]0;owned\u{7}"
  static let reversed = "safe\u{202e}txt.exe\u{2066}"
  static let formula = "=cmd|' /C calc'!A0"
  static let table = "a|b\n| c `d` **e** @someone & \"quoted\", 100 %"

  static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  static let custom = Variant(libc: .glibc, linkage: .preload, allocator: "my-alloc")
  static let settings = SettingsSet(
    name: "tight",
    environment: [
      EnvironmentAssignment(variable: "MALLOC_CONF", value: "dirty_decay_ms:0,\(escape)"),
      EnvironmentAssignment(variable: "A", value: table),
    ])
  static let subjects: [Subject] = [
    .command(arm: script, arguments: ["./app old", formula, escape]),
    .command(arm: formula, arguments: ["./app", "--name=\(reversed)", ""]),
    .command(arm: "漢字🙂", arguments: ["./app", "it's"]),
  ]

  static let result = SessionResult(
    session: Session(
      id: "20260102-030405-evil", startedAt: 1_767_323_045.25,
      plan: Plan(
        title: "\(script) \(reversed) \(table)", subjects: subjects, variants: [glibc, custom],
        settings: [.none, settings], reference: glibc, trials: 3, warmupBlocks: 0, seed: UInt64.max,
        sampling: Sampling(rateHz: 0, latency: true), limits: Limits(memory: Bytes(1 << 30))),
      host: [HostFact(name: "cpu_model", value: escape), HostFact(name: "hostname", value: formula)],
      skipped: [SkippedVariant(variant: custom, workload: script, reason: table)],
      artifacts: [
        ArtifactRecord(kind: "command", path: escape, size: Bytes(0), sha256: script, origin: formula)
      ], version: "0.1.0", commandLine: ["heapscale", "compare", "--arm", formula, "-- \(escape)"],
      audits: [
        AuditRecord(variant: custom, settings: "tight", arm: script, process: escape + table, entries: audit)
      ]),
    cells: subjects.flatMap { subject in
      [cell(subject, glibc, .none), cell(subject, custom, .none), cell(subject, custom, settings)]
    }, notes: [escape + script, table])

  static let audit: [SettingAudit] = [
    SettingAudit(
      variable: "MALLOC_CONF", key: escape, value: formula, verdict: .misparsed, evidence: script + table,
      readback: table, baseline: reversed),
    SettingAudit(variable: formula, key: nil, value: table, verdict: .inert, evidence: escape),
    SettingAudit(variable: "A", key: table, value: "", verdict: .unverifiable, evidence: ""),
  ]

  private static func cell(_ subject: Subject, _ variant: Variant, _ settings: SettingsSet) -> CellResult {
    let failed = variant == custom && subject == subjects[1]
    return CellResult(
      cell: Cell(subject: subject, variant: variant, settings: settings),
      identity: Identity(
        allocator: "my-alloc", evidence: [script, escape, table], verified: variant == glibc),
      outcomes: [OutcomeCount(outcome: failed ? .signal(11) : .ok, count: 3)],
      messages: failed ? [escape, formula, table] : [],
      metrics: [
        metric("peak_resident", .bytes, [4096, 8192, 4096], failed),
        metric("cpu", .seconds, [0.1, .infinity, .nan], failed),
        metric("faults_minor", .count, [0, 0, 0], failed),
        SampleCells.none(definition("wall", .seconds), because: table),
      ].map { metric in
        var metric = metric
        metric.settingsEffect = settings.environment.isEmpty ? nil : effect(of: metric.definition.id)
        return metric
      }, audit: settings.environment.isEmpty ? [] : audit)
  }

  /// Of one metric the change is no number.
  private static func effect(of id: MetricID) -> Effect {
    Effect(change: id == "faults_minor" ? .nan : -0.25, low: -0.5, high: -0.125, pairs: 3, note: table)
  }

  private static func metric(_ id: MetricID, _ unit: MetricUnit, _ values: [Double], _ failed: Bool)
    -> MetricResult
  {
    // A failed cell keeps its numbers here: formats must not show them.
    var result = SampleCells.figure(definition(id, unit), values, .counted)
    result.ratioToReference = values[0] == 0 ? .nan : 1
    result.isBest = true
    return result
  }

  private static func definition(_ id: MetricID, _ unit: MetricUnit) -> MetricDefinition {
    MetricDefinition(id: id, title: script, explanation: table, unit: unit, better: .lower)
  }
}
