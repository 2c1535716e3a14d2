import Model

/// Audits settings: runs a program with them and without them, and compares what it says.
///
/// Each run is a process of its own that ends by itself or at the time limit. Used from one thread.
public final class SettingsAuditor {
  let runner: AuditRunner
  private let others: [AllocatorSpec]
  private let scan: (_ file: String, _ variable: String) -> [String]
  private var mentioned: [String: [AuditMention]] = [:]
  private var filesOfRun: [String]?

  /// Prepares for one program. `catalogue` are all allocators; `scan` finds a variable's name in the loaded parts of
  /// a file: the names, as long as they are there, that it ends.
  public init(
    program: AuditedProgram, catalogue: [AllocatorSpec], helperPath: String, interrupt: Int32 = -1,
    scan: @escaping (_ file: String, _ variable: String) -> [String]
  ) throws(ProbeError) {
    runner = try AuditRunner(program: program, helperPath: helperPath, interrupt: interrupt)
    let present = runner.present.map(\.id)
    others = catalogue.filter { !present.contains($0.id) }
    self.scan = scan
  }

  /// What becomes of each setting of an environment, in its order; nothing for an empty one.
  ///
  /// Throws: `ProbeError` when the harness itself fails; what the program does is evidence.
  public func audit(_ environment: [EnvironmentAssignment]) throws(ProbeError) -> [SettingAudit] {
    let settings = AuditedSetting.all(in: environment, present: runner.present, others: others)
    guard !settings.isEmpty else { return [] }
    let without = try runner.readings(of: settings, with: [], besides: environment)
    let with = try runner.readings(of: settings, with: environment, besides: environment)
    var entries = try judged(settings, with, without, isAlone: settings.count == 1)
    if with.failure != nil, with.failure != without.failure, settings.count > 1 {
      entries = try oneByOne(settings, without, together: entries)
    } else {
      entries = try settled(entries, AuditedSet(settings: settings, environment: environment), without, with)
    }
    for (index, setting) in settings.enumerated() where runner.isOwn(setting) {
      entries[index] = try own(setting)
    }
    return try afterForks(entries, settings, environment)
  }

  /// What sets the program's allocators besides the environment, in words; it acts with the set and without it.
  ///
  /// Throws: `ProbeError` when the harness itself fails.
  public func sources() throws(ProbeError) -> [String] { try runner.sources() }

  /// The program dies of the set: each setting alone shows of which one. When none does, it is all of them together.
  private func oneByOne(
    _ settings: [AuditedSetting], _ without: AuditReadings, together: [SettingAudit]
  ) throws(ProbeError) -> [SettingAudit] {
    var result: [SettingAudit] = []
    for setting in settings { result.append(try alone(setting, without).entry) }
    return result.contains { $0.verdict == .fatal } ? result : together
  }

  /// What becomes of a setting without the others of its set, and what the program said to it.
  func alone(_ setting: AuditedSetting, _ without: AuditReadings) throws(ProbeError) -> (
    entry: SettingAudit, readings: AuditReadings
  ) {
    let readings = try runner.readings(
      of: [setting], with: [setting.assignment], besides: [setting.assignment])
    return (try judged([setting], readings, without, isAlone: true)[0], readings)
  }

  /// A variable that the audit itself sets to make the allocator talk: what the user's value does is seen without.
  private func own(_ setting: AuditedSetting) throws(ProbeError) -> SettingAudit {
    var without = try runner.readings(of: [setting], with: [], besides: [], saysMore: false)
    let with = try runner.readings(
      of: [setting], with: [setting.assignment], besides: [], saysMore: false)
    for readBack in setting.spec?.readBack ?? [] where readBack.kind == .value && with.value(readBack) != nil
    {
      without.assumed[readBack.description] = setting.spec?.defaultValue
    }
    var entry = try judged([setting], with, without, isAlone: true)[0]
    if entry.verdict == .unverifiable, let spec = setting.spec, entry.value == spec.defaultValue {
      entry.verdict = .alreadyDefault
      entry.evidence = "it says nothing, as without the setting"
    }
    return entry
  }

  func judged(
    _ settings: [AuditedSetting], _ with: AuditReadings, _ without: AuditReadings, isAlone: Bool
  ) throws(ProbeError) -> [SettingAudit] {
    let explained = settings.flatMap { $0.spec?.readBack.map(\.description) ?? [] }
    // Only what the catalogue does not explain is looked for in files: that may take a run of the program.
    for setting in settings where setting.isLookedFor { try lookFor(setting.variable, without) }
    let judge = SettingJudge(
      program: runner.program, with: with, without: without, mentions: { [mentioned] in mentioned[$0] ?? [] },
      explained: Set(explained), isAlone: isAlone)
    return settings.map(judge.judge)
  }

  /// Finds the files of the process in which a variable's name stands.
  private func lookFor(_ variable: String, _ without: AuditReadings) throws(ProbeError) {
    guard mentioned[variable] == nil else { return }
    var found: [AuditMention] = []
    for file in try files(without) {
      let names = scan(file, variable)
      if !names.isEmpty { found.append(AuditMention(file: file, names: names)) }
    }
    mentioned[variable] = found
  }

  /// The files that the process has mapped; of the user's program those of a whole run, since it may load more when
  /// it has begun.
  private func files(_ without: AuditReadings) throws(ProbeError) -> [String] {
    guard case .library = runner.program.way else { return without.mappedFiles }
    if let filesOfRun { return filesOfRun }
    var images = try runner.images()
    images.add(files: without.mappedFiles)
    filesOfRun = images.files.filter { !$0.contains("/heapscale-ask") }
    return filesOfRun ?? []
  }
}

/// A file in which a variable's name stands.
struct AuditMention: Hashable, Sendable {
  let file: String
  /// The names as they stand there: the variable's, or longer ones that it is the end of.
  let names: [String]

  /// `python3.11`, or `ruff as a part of _RJEM_MALLOC_CONF`.
  func words(for variable: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    guard !names.contains(variable) else { return name }
    return "\(name) as a part of \(names.sorted().prefix(3).joined(separator: ", "))"
  }
}

extension AuditedSetting {
  /// Whether its name has to be looked for in the program's files, because nothing else tells who reads it.
  fileprivate var isLookedFor: Bool {
    switch owner {
    case .known, .unknownKey: false
    case .unknownVariable, .foreign, .unheardOf: variable != "LD_PRELOAD"
    }
  }
}
