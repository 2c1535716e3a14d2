import ArgumentParser
import Experiments
import Findings
import Foundation
import Model
import Probes
import Reports
import Store
import Synchronization
import Targets

/// A session from its plan to its table: what `run` and `compare` have in common.
struct Measurement {
  let bench: Workbench
  let storePath: String?
  var redaction = RedactionOption()
  let output: OutputOptions
  /// What decides when a run that stops by itself has measured enough.
  var thresholds = Thresholds.standard
  /// Whether the running cell is drawn with its curve.
  var isLive = false

  /// Definitions of all metrics.
  static var definitions: [MetricDefinition] { MetricRegistry.definitions }

  /// The expanded cells and an estimate of the time.
  func dryRun(_ plan: Plan) async throws -> String {
    var missing: [Variant: String] = [:]
    // What is preloaded into commands needs no compiler, and a command as it is needs nothing.
    let isForCommands = plan.subjects.allSatisfy(\.isCommand)
    for variant in plan.variants where !isForCommands || variant.linkage == .preload {
      let availability =
        isForCommands
        ? await bench.builder.availability(toPreload: variant) : await bench.builder.availability(of: variant)
      if case .missing(let reason) = availability { missing[variant] = reason }
    }
    let cells = plan.cells.filter { missing[$0.variant] == nil && bench.runs($0) }
    let history = try? bench.openStore(storePath, mode: .readOnly)
    var lines = cells.map { "\($0.subject.description)  \($0.variant)  \($0.settings.name)" }
    lines += missing.sorted { $0.key < $1.key }.map { "left out: \($0.key): \($0.value)" }
    let trials = cells.count * Schedule.blocks(of: plan).count
    let estimate = Estimate(cells: cells, blocks: Schedule.blocks(of: plan).count, store: history)
    lines.append("")
    let most = plan.stopping == nil ? "" : "at most "
    lines.append(
      "\(cells.count) cells × \(most)\(Schedule.blocks(of: plan).count) blocks = \(most)\(trials) trials; \(estimate.text)"
    )
    if let stopping = plan.stopping {
      lines.append(
        "stops by itself when its intervals are narrow enough, or after \(Int(stopping.budget.seconds)) s; --trials N fixes the number"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Measures a new session and prints it.
  func start(_ plan: Plan) async throws {
    try output.checkWritable()
    try await report(try await measure(plan))
  }

  /// Measures a new session.
  func measure(_ plan: Plan) async throws -> (session: Session, analysis: SessionAnalysis) {
    let store = try bench.openStore(storePath, mode: .create)
    let prepared = try await prepare(plan)
    let audits = try await audit(plan, prepared)
    let now = Date()
    var session = Session(
      id: SessionName.make(at: now), startedAt: now.timeIntervalSince1970, plan: plan,
      host: try await hostFacts(plan, prepared), skipped: prepared.skipped, artifacts: prepared.artifacts,
      version: Version.text, commandLine: ByteText.arguments, audits: audits)
    session.facts = try await identity(of: session, prepared).facts(version: Version.text)
    try store.insert(session: session, cells: prepared.cells.map(\.cell))
    return try await measure(session, prepared, store)
  }

  /// Goes on with an interrupted session; nil stands for the last interrupted one.
  func resume(_ name: String?) async throws {
    try output.checkWritable()
    let store = try bench.openStore(storePath, mode: .existing)
    let session = try store.session(matching: try name ?? lastInterrupted(store))
    let bench = try bench.adding(libraries: session.plan.libraries)
    let prepared = try await Measurement(bench: bench, storePath: storePath, output: output, isLive: isLive)
      .prepare(session.plan)
    try await checkUnchanged(session, prepared)
    try store.claim(session: session.id)
    try await report(try await measure(session, prepared, store))
  }

  private func lastInterrupted(_ store: Store) throws -> String {
    for summary in try store.sessions() where summary.state == .interrupted { return summary.id }
    throw InputError(
      "there is no interrupted session to go on with", hint: "`heapscale show --list` lists all sessions")
  }

  private func identity(of session: Session, _ prepared: PreparedPlan) -> ExperimentIdentity {
    ExperimentIdentity(
      builder: bench.builder, plan: session.plan, cells: prepared.cells, session: session.id)
  }

  /// Trials of another program, machine or environment than those that began a session do not belong into it.
  private func checkUnchanged(_ session: Session, _ prepared: PreparedPlan) async throws {
    let identity = identity(of: session, prepared)
    var changes: [String] = []
    if session.facts.isEmpty {
      // A session of a version that recorded the artifacts only.
      changes = prepared.artifacts.filter { artifact in
        session.artifacts.contains { $0.path == artifact.path && $0.sha256 != artifact.sha256 }
      }.map { "\($0.path) has changed" }
    } else {
      let now = try await identity.facts(version: Version.text) + identity.again(session.facts)
      // Files that the program writes were dropped at its first trial.
      let before = Set(session.facts.map { "\($0.kind) \($0.name)" })
      changes = ExperimentFact.differences(
        from: session.facts, to: now.filter { $0.kind != .file || before.contains("\($0.kind) \($0.name)") })
    }
    guard !changes.isEmpty else { return }
    let more = changes.count > 8 ? " and \(changes.count - 8) more" : ""
    throw InputError(
      "since session \(session.id) began, " + changes.prefix(8).joined(separator: "; ") + more,
      hint: "its figures would not be of one experiment: measure anew: heapscale "
        + session.commandLine.dropFirst().joined(separator: " "))
  }

  private func prepare(_ plan: Plan) async throws -> PreparedPlan {
    let preparer = Preparer(
      catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment)
    if !output.quiet {
      Terminal.note("building: \(plan.variants.count) \(plan.variants.count == 1 ? "variant" : "variants")")
    }
    let prepared = try await preparer.prepare(plan)
    guard !prepared.cells.isEmpty else {
      for skipped in prepared.skipped { Terminal.note("  \(skipped.variant): \(skipped.reason)") }
      Terminal.note(
        "heapscale: nothing can be measured: no variant of the plan is installed; try Scripts/bootstrap")
      throw ExitStatus.machineLacks
    }
    if !output.quiet {
      for skipped in prepared.skipped { Terminal.note("  left out: \(skipped.variant): \(skipped.reason)") }
    }
    return prepared
  }

  /// Audits every settings set in every variant, says what does not act, and stops a strict plan.
  private func audit(_ plan: Plan, _ prepared: PreparedPlan) async throws -> [AuditRecord] {
    let audit = SettingsAudit(
      catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment,
      helperPath: try await bench.builder.launcher())
    let sets = plan.settings.count { !$0.environment.isEmpty }
    if sets > 0, !output.quiet {
      Terminal.note("auditing: \(sets) \(sets == 1 ? "set" : "sets") of settings")
    }
    let records = try await audit.audit(prepared.cells.map(\.cell), plan: plan)
    let failing = records.filter { $0.entries.contains(where: \.verdict.failsStrict) }
    if !output.quiet || plan.strict {
      for record in failing {
        for line in AuditLines.failing(in: record, withEvidence: plan.strict) {
          Terminal.note("  " + SentenceText.plain(line))
        }
      }
    }
    if plan.strict, !failing.isEmpty {
      throw InputError(
        "settings that do not act as asked, in \(failing.count) of \(records.count) audits, and the plan is strict",
        hint:
          "see the lines above; take them out, limit them to the variants they are for, or leave --strict out"
      )
    }
    return records
  }

  /// What the user's shell sets for the allocators of the commands, and whether it reaches them.
  private func shellSentence(_ plan: Plan, _ prepared: PreparedPlan) async throws -> String? {
    let audit = SettingsAudit(
      catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment,
      helperPath: try await bench.builder.launcher())
    return ShellVariables.sentence(
      try await audit.readers(of: prepared.leakedVariables, plan: plan), areKept: plan.keepsEnvironment,
      hint: "--keep-environment leaves them")
  }

  private func hostFacts(_ plan: Plan, _ prepared: PreparedPlan) async throws -> [HostFact] {
    var facts = HostFacts.read()
    for tool in await Toolchains(folder: bench.folder, environment: bench.environment).versions()
    where tool.path != nil {
      facts.append(HostFact(name: "toolchain_\(tool.name)", value: tool.detail))
    }
    if !prepared.leakedVariables.isEmpty {
      let name = plan.keepsEnvironment ? "kept_variables" : "cleared_variables"
      facts.append(HostFact(name: name, value: prepared.leakedVariables.joined(separator: ", ")))
      if let sentence = try await shellSentence(plan, prepared) {
        facts.append(HostFact(name: Session.shellFact, value: sentence))
        if !output.quiet { Terminal.note(SentenceText.plain(sentence)) }
      }
    }
    return facts
  }

  private func measure(
    _ session: Session, _ prepared: PreparedPlan, _ store: Store
  ) async throws -> (session: Session, analysis: SessionAnalysis) {
    let measured = prepared.cells.filter { session.reasonToLeaveOut($0.cell) == nil }
    noteLeftOut(prepared.cells.filter { session.reasonToLeaveOut($0.cell) != nil })
    let recorded = try store.recordedTrials(session: session.id)
    let helper = try await bench.builder.launcher()
    let interrupt = InterruptSignal()
    let tap = LiveDisplay.tap(isWanted: isLive, isQuiet: output.quiet, environment: bench.environment)
    let runner = Runner(
      plan: session.plan, cells: measured, helperPath: helper, interrupt: interrupt.descriptor, tap: tap
    )
    let writer = TrialWriter(store: store, session: session.id)
    let keeper = FactKeeper(identity: identity(of: session, prepared), store: store, session: session)
    let cells = measured.count
    let style = output.progressStyle(bench.environment)
    var stored = try store.trialCursor(session: session.id)
    let stop = try AutoStop(
      session: session, cells: measured.map(\.cell), thresholds: thresholds, stored: &stored)
    let end: RunEnd
    do {
      end = try await MeasuringThread.run {
        let display: any RunDisplay =
          tap.map { LiveDisplay(title: session.plan.title, blocks: session.plan.trials, tap: $0) }
          ?? ProgressDisplay(style: style, cells: cells, blocks: session.plan.trials)
        defer { display.finish() }
        return try runner.run(
          isRecorded: { recorded.contains(TrialSlot(cellKey: $0, block: $1)) },
          record: {
            stop?.add($0)
            try writer.enqueue($0)
          },
          note: { try keeper.note(mappedFiles: $0) },
          decide: { stop?.decide(blocks: $0, elapsed: $1) ?? .measure(upTo: .max) }, report: display.show)
      }
      try writer.finish()
    } catch {
      try? writer.finish()
      if error is StoreError { saveWhatIsLeft(session, measured.map(\.cell), store, writer) }
      try? store.interrupt(session: session.id)
      throw error
    }
    var session = session
    session.facts = keeper.facts
    let (simulated, isComplete) = try await simulate(
      session, end == .interrupted ? [] : measured, store, helper, interrupt.descriptor)
    withExtendedLifetime(interrupt) {}
    return try finish(simulated, store, isComplete ? end : .interrupted)
  }

  /// The store failed in the middle of a session: what was measured goes into another file.
  private func saveWhatIsLeft(_ session: Session, _ cells: [Cell], _ store: Store, _ writer: TrialWriter) {
    do {
      let rescue = try store.rescue(session: session, cells: cells, trials: writer.remembered)
      Terminal.note(
        "the session's \(rescue.trials) trials were saved in \(rescue.path); go on with: heapscale run --resume "
          + "--session \(session.id) --store \(rescue.path)")
    } catch {
      Terminal.note("the session could not be saved elsewhere either: \(error)")
    }
  }

  private func noteLeftOut(_ cells: [PreparedCell]) {
    guard !output.quiet, !cells.isEmpty else { return }
    let names = cells.map { cell in
      [cell.cell.subject.arm, "\(cell.cell.variant)", cell.cell.settings.name].compactMap(\.self)
        .joined(separator: " · ")
    }
    let places = Set(names).sorted().joined(separator: ", ")
    Terminal.note(
      SentenceText.plain(
        "not measured, because every setting is inert there (--measure-inert measures them): \(places)"))
  }

  /// Simulates what the plan asks for and the session does not have yet; says whether the user let it end.
  private func simulate(
    _ session: Session, _ cells: [PreparedCell], _ store: Store, _ helper: String, _ interrupt: Int32
  ) async throws -> (session: Session, isComplete: Bool) {
    let stage = SimulationStage(bench: bench, store: store, isQuiet: output.quiet)
    do {
      return try await stage.run(session, cells, helper: helper, interrupt: interrupt)
    } catch {
      try? store.interrupt(session: session.id)
      throw error
    }
  }

  private func finish(
    _ session: Session, _ store: Store, _ end: RunEnd
  ) throws -> (session: Session, analysis: SessionAnalysis) {
    if end == .interrupted {
      try store.interrupt(session: session.id)
      Terminal.note(
        "interrupted; what was measured is stored. Go on with: heapscale run --resume --session \(session.id)"
          + (storePath.map { " --store \($0)" } ?? ""))
      throw ExitStatus.interrupted
    }
    var session = session
    if case .futile(let reason) = end {
      Terminal.note("heapscale: stopped: " + SentenceText.plain(reason))
      session.host.append(HostFact(name: Session.futileFact, value: reason))
      try store.update(session: session)
    }
    if case .enough(let blocks, let reason) = end {
      session.plan.trials = blocks
      session.host.append(HostFact(name: Session.stoppedFact, value: reason))
      try store.update(session: session)
    }
    try store.finish(session: session.id)
    guard redaction.redact else { return (session, try store.analysis(of: session)) }
    let shown = try redaction.applied(to: store, bench)
    let found = try shown.session(matching: session.id)
    return (found, try shown.analysis(of: found))
  }

  private func report(_ measured: (session: Session, analysis: SessionAnalysis)) async throws {
    let (session, analysis) = measured
    let result = analysis.result()
    let comparisons = Comparisons.all(of: session.plan, analysis.measurements())
    try output.write(result, comparisons, environment: bench.environment)
    if output.html != nil {
      let store = try redaction.applied(to: bench.openStore(storePath, mode: .readOnly), bench)
      try output.writePage(of: session, in: store, environment: bench.environment)
    }
    let failed = result.cells.contains { cell in
      cell.outcomes.contains { $0.outcome != .ok } || !cell.isComparable
    }
    if failed { throw ExitStatus.targetFailed }
  }
}

/// What an audit found, for standard error.
private enum AuditLines {
  /// The settings of a set that are not in force: one line, or with the evidence one each.
  static func failing(in record: AuditRecord, withEvidence: Bool) -> [String] {
    let place = "\(record.settings) on \(record.variant): "
    let failing = record.entries.filter(\.verdict.failsStrict)
    func text(_ entry: SettingAudit) -> String { "\(entry.name)=\(entry.value) \(entry.verdict.rawValue)" }
    return withEvidence
      ? failing.map { place + text($0) + ": " + $0.evidence }
      : [place + failing.map(text).joined(separator: ", ")]
  }
}

extension Store {
  /// A session's trials worked out, one at a time: curves are left on disk.
  func result(of session: Session) throws -> SessionResult { try analysis(of: session).result() }

  /// All of a session's trials, taken in one at a time, then the processes of one trial of each cell.
  func analysis(of session: Session, each: (Trial) -> Void = { _ in }) throws -> SessionAnalysis {
    let cells = try cells(session: session.id)
    var analysis = SessionAnalysis(session: session, cells: cells, definitions: Measurement.definitions)
    var cursor = try trialCursor(session: session.id)
    while let trial = try cursor.next() {
      analysis.add(trial)
      each(trial)
    }
    for cell in cells {
      guard let block = analysis.representativeBlock(cellKey: cell.key, orAny: true) else { continue }
      analysis.add(
        try processes(session: session.id, cellKey: cell.key, block: block), block: block, cellKey: cell.key)
    }
    return analysis
  }
}

extension Store {
  /// The list of sessions as `show --list` prints it.
  func sessionEntries() throws -> [SessionEntry] {
    try sessions().map { summary in
      let session = try session(matching: summary.id)
      let cpu = session.host.first { $0.name == "cpu_model" }?.value ?? "unknown CPU"
      let state =
        switch summary.state {
        case .finished: ""
        case .interrupted: " (interrupted, \(summary.trialsDone) of \(summary.trialsPlanned) trials)"
        case .running(let pid): " (running, process \(pid))"
        }
      return SessionEntry(
        id: summary.id, startedAt: summary.startedAt, title: summary.title + state, cells: summary.cells,
        trials: summary.trialsDone, failedTrials: try failedTrials(session: summary.id), host: cpu)
    }
  }
}
