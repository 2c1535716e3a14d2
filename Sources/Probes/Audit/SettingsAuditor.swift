import Model

/// Audits settings: runs a program with them and without them, and compares what it says.
///
/// Each run is a process of its own that ends by itself or at the time limit. Used from one thread.
public final class SettingsAuditor {
  private let program: AuditedProgram
  private let others: [AllocatorSpec]
  private let supervisor: TrialSupervisor
  private let scan: (_ file: String, _ variable: String) -> Bool
  private var mentioned: [String: [String]] = [:]
  /// jemalloc's statistics and mimalloc's options take some kilobytes; more is the program's own.
  private static let outputLimit = 1 << 20

  /// Prepares for one program. `catalogue` are all allocators; `scan` says whether a variable's name, ended by NUL,
  /// stands in the loaded parts of a file.
  public init(
    program: AuditedProgram, catalogue: [AllocatorSpec], helperPath: String, interrupt: Int32 = -1,
    scan: @escaping (_ file: String, _ variable: String) -> Bool
  ) throws(ProbeError) {
    self.program = program
    let present = [program.allocator, program.runtime].compactMap(\.self).map(\.id)
    others = catalogue.filter { !present.contains($0.id) }
    supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
    self.scan = scan
  }

  /// What becomes of each setting of an environment, in its order; nothing for an empty one.
  ///
  /// Throws: `ProbeError` when the harness itself fails; what the program does is evidence.
  public func audit(_ environment: [EnvironmentAssignment]) throws(ProbeError) -> [SettingAudit] {
    let settings = AuditedSetting.all(in: environment, present: present, others: others)
    guard !settings.isEmpty else { return [] }
    let without = try readings(of: settings, with: [], besides: environment)
    let with = try readings(of: settings, with: environment, besides: environment)
    guard with.failure != nil, with.failure != without.failure, settings.count > 1 else {
      return try undisturbed(judged(settings, with, without), settings, without)
    }
    return try oneByOne(settings, together: with, without)
  }

  /// What malloc does is moved by several settings at a time: where a setting seems not to be in force, it is watched
  /// alone, unless another setting of the set is the same.
  private func undisturbed(
    _ entries: [SettingAudit], _ settings: [AuditedSetting], _ without: AuditReadings
  ) throws(ProbeError) -> [SettingAudit] {
    guard settings.count > 1 else { return entries }
    var result = entries
    for (index, setting) in settings.enumerated() where !entries[index].verdict.isInForce {
      guard let spec = setting.spec, spec.isWatched, settings.count(where: { $0.spec == spec }) == 1 else {
        continue
      }
      let alone = try readings(of: [setting], with: [setting.assignment], besides: [setting.assignment])
      guard var entry = judged([setting], alone, without).first, entry.verdict != entries[index].verdict
      else { continue }
      entry.evidence +=
        "; so it is alone, among the other settings it is \(entries[index].readback ?? "not to be seen")"
      result[index] = entry
    }
    return result
  }

  private var present: [AllocatorSpec] { [program.allocator, program.runtime].compactMap(\.self) }

  /// The program dies of the set: each setting alone shows of which one. When none does, it is all of them together.
  private func oneByOne(
    _ settings: [AuditedSetting], together: AuditReadings, _ without: AuditReadings
  ) throws(ProbeError) -> [SettingAudit] {
    var result: [SettingAudit] = []
    for setting in settings {
      let alone = try readings(of: [setting], with: [setting.assignment], besides: [setting.assignment])
      result += judged([setting], alone, without)
    }
    if result.contains(where: { $0.verdict == .fatal }) { return result }
    return judged(settings, together, without)
  }

  private func judged(
    _ settings: [AuditedSetting], _ with: AuditReadings, _ without: AuditReadings
  ) -> [SettingAudit] {
    let explained = settings.flatMap { $0.spec?.readBack.map(\.description) ?? [] }
    let judge = SettingJudge(
      program: program, with: with, without: without,
      mentions: { [self] in mentions($0, in: without.mappedFiles) }, explained: Set(explained))
    return settings.indices.map { index in
      let entry = judge.judge(settings[index])
      let isOverridden = settings[(index + 1)...].contains {
        $0.variable == entry.variable && $0.key == entry.key
      }
      return isOverridden ? overridden(entry) : entry
    }
  }

  /// Of two settings of the same key every allocator takes the last.
  private func overridden(_ entry: SettingAudit) -> SettingAudit {
    var entry = entry
    entry.verdict = .acceptedNoEffect
    entry.evidence = "the same key stands there again, and the last one counts; \(entry.evidence)"
    return entry
  }

  private func mentions(_ variable: String, in files: [String]) -> [String] {
    if let known = mentioned[variable] { return known }
    let found = files.filter { scan($0, variable) }
    mentioned[variable] = found
    return found
  }

  // MARK: - runs

  /// What the program tells in an environment. `besides` are all settings of the set, so that the run without
  /// them is asked the same and gets the same additions.
  private func readings(
    of settings: [AuditedSetting], with set: [EnvironmentAssignment], besides: [EnvironmentAssignment]
  ) throws(ProbeError) -> AuditReadings {
    let requests = AuditRequests(settings: settings, present: present)
    var environment = self.environment(set, besides: besides)
    var result = try run(arguments: program.isProbe ? requests.plain + ["statistics"] : nil, environment)
    if result.failure == nil, program.isProbe {
      for request in requests.behavioural {
        environment = self.environment(set, besides: besides)
        for addition in request.environment(besides: besides) {
          environment[addition.variable] = addition.value
        }
        let answer = try run(arguments: [request.text], environment)
        result.answers.merge(answer.answers) { first, _ in first }
        result.reasons.merge(answer.reasons) { first, _ in first }
      }
    }
    if let linker = program.linker, requests.needsTunables {
      let listed = try run(
        executable: linker, arguments: ["--list-tunables"], self.environment(set, besides: besides))
      for (name, value) in AuditTexts.tunables(listed.output) { result.answers["tunable \(name)"] = value }
    }
    for (name, value) in program.buildInformation { result.answers["build-info \(name)"] = value }
    return result
  }

  /// The program's environment with settings, and with what makes its allocators tell their settings.
  private func environment(
    _ set: [EnvironmentAssignment], besides: [EnvironmentAssignment]
  ) -> [String: String] {
    var result = program.launch.environment
    for assignment in set { result[assignment.variable] = assignment.value }
    for addition in present.flatMap(\.settings.auditEnvironment) {
      let form = present.lazy.compactMap { $0.settings.form(of: addition.variable) }.first
      if case .list(let separator, _)? = form, addition.value.first == separator {
        // The probe asks directly, and needs no such words.
        guard !program.isProbe else { continue }
        result[addition.variable] =
          result[addition.variable].map { $0 + addition.value } ?? String(addition.value.dropFirst())
      } else if !besides.contains(where: { $0.variable == addition.variable }) {
        result[addition.variable] = addition.value
      }
    }
    return result
  }

  private func run(
    executable: String? = nil, arguments: [String]?, _ environment: [String: String]
  ) throws(ProbeError) -> AuditReadings {
    var launch = program.launch
    launch.environment = environment
    if let executable { launch.executable = executable }
    if let arguments { launch.arguments = [launch.executable] + arguments }
    var memory: [String: String] = [:]
    let wanted = executable == nil ? program.memory : [:]
    let seen = try supervisor.run(
      launch, sampling: Sampling(rateHz: 0), errorBytes: Self.outputLimit, keepsOutput: executable != nil,
      atExit: { pid in
        guard !wanted.isEmpty, let reader = MemoryReader(pid: pid) else { return }
        for (name, place) in wanted { memory[name] = reader.value(at: place) }
      })
    var readings = AuditTexts.readings(seen.standardError)
    readings.answers.merge(memory) { answered, _ in answered }
    if !program.isProbe {
      readings.answers.merge(AuditTexts.jemallocOptions(seen.standardError)) { first, _ in first }
    }
    readings.mappedFiles = seen.mappedFiles ?? []
    readings.failure = failure(of: seen)
    return readings
  }

  /// How a program ended that did not end well by itself.
  private func failure(of seen: Observation) -> String? {
    if let failure = seen.launchFailure { return failure }
    // A user's command may take as long as it likes, with a setting or without.
    guard seen.ending == .none else {
      return program.isProbe ? "not over after \(Int(program.launch.timeLimit.seconds)) s" : nil
    }
    if seen.status & 0x7f != 0 { return SignalName.name(seen.status & 0x7f) }
    let code = (seen.status >> 8) & 0xff
    return code == 0 ? nil : "exit code \(code)"
  }
}
