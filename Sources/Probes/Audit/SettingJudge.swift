import Model

/// Judges settings by what a program told with them and without them. Pure: all runs are over.
struct SettingJudge {
  let program: AuditedProgram
  let with: AuditReadings
  let without: AuditReadings
  /// The mapped files in which a variable's name stands.
  let mentions: (String) -> [String]
  /// Read-backs that the set's settings explain: what else changed, an unknown key did.
  let explained: Set<String>

  /// What became of a setting.
  func judge(_ setting: AuditedSetting) -> SettingAudit {
    if let fatal = fatal(setting) { return fatal }
    switch setting.owner {
    case .known(let spec, let table): return known(setting, spec, table)
    case .unknownKey(let allocator, _): return unknownKey(setting, allocator)
    case .unknownVariable(let allocator, let relative): return unknownVariable(setting, allocator, relative)
    case .foreign(let readers, let spec): return foreign(setting, readers, spec)
    case .unheardOf: return unheardOf(setting)
    }
  }

  // MARK: - settings of what is in the process

  private func known(_ setting: AuditedSetting, _ spec: SettingSpec, _ table: SettingTable) -> SettingAudit {
    let value = answered(spec) { $0.kind == .value }
    if let complaint = complaint(about: setting, table) {
      return entry(setting, complaint.verdict, "it says: \(complaint.line)", value)
    }
    if let always = spec.always { return fixed(setting, spec, always, value) }
    if let value { return compared(setting, spec, table, value) }
    if let effect = answered(spec, where: { $0.kind == .effect }) { return watched(setting, spec, effect) }
    if let parsed = answered(spec, where: { $0.kind == .parsed }) { return onlyParsed(setting, spec, parsed) }
    return entry(setting, .unverifiable, nothingTells(spec))
  }

  /// Every value of it meets the same fate, unless what is read back says otherwise.
  private func fixed(
    _ setting: AuditedSetting, _ spec: SettingSpec, _ verdict: SettingVerdict, _ value: Answer?
  ) -> SettingAudit {
    let reason = spec.pitfalls.first { $0.value == nil && $0.read.isUnbounded }?.text ?? spec.effect
    let seen = value.map { "; \($0.words)" } ?? ""
    if verdict == .inert, let value, value.shown != value.baseline {
      return entry(setting, .accepted, value.words, value)
    }
    return entry(setting, verdict, reason + seen, value)
  }

  private func compared(
    _ setting: AuditedSetting, _ spec: SettingSpec, _ table: SettingTable, _ answer: Answer
  ) -> SettingAudit {
    let comparison = SettingComparison(
      spec: spec, parsing: table.parsing, readBack: answer.readBack, asked: setting.value,
      shown: answer.shown,
      baseline: answer.baseline)
    let (verdict, sentence) = comparison.verdict
    let consequence = verdict == .alreadyDefault ? nil : comparison.consequence
    let start = [sentence, consequence].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
    let more = otherAnswers(spec, besides: answer).map(\.words)
    return entry(
      setting, verdict, ([start].filter { !$0.isEmpty } + [answer.words] + more).joined(separator: "; "),
      answer)
  }

  /// What the setting does can be watched, its value cannot be read.
  private func watched(_ setting: AuditedSetting, _ spec: SettingSpec, _ effect: Answer) -> SettingAudit {
    if effect.shown != effect.baseline { return entry(setting, .accepted, effect.words, effect) }
    let parsed = answered(spec) { $0.kind == .parsed }
    if let parsed, parsed.shown != parsed.baseline {
      return entry(setting, .acceptedNoEffect, "\(parsed.words), but \(effect.words)", effect)
    }
    if isDefault(setting.value, spec) { return entry(setting, .alreadyDefault, effect.words, effect) }
    if case .output = effect.readBack { return entry(setting, .rejectedValue, effect.words, effect) }
    return entry(setting, .unverifiable, "\(effect.words), and nothing shows the value", effect)
  }

  /// What was parsed is not what the allocator made of it: that would take a read-back of its own.
  private func onlyParsed(_ setting: AuditedSetting, _ spec: SettingSpec, _ parsed: Answer) -> SettingAudit {
    if parsed.shown == parsed.baseline {
      return entry(setting, .rejectedValue, parsed.words, parsed)
    }
    return entry(setting, .unverifiable, "\(parsed.words); nothing shows what malloc made of it", parsed)
  }

  private func isDefault(_ value: String, _ spec: SettingSpec) -> Bool {
    guard let meant = SettingMeaning(asked: value, of: spec) else { return false }
    let usual = spec.defaultValue.split(separator: " ").first.map { String($0.filter { $0 != "," }) } ?? ""
    return meant == SettingMeaning(asked: usual, of: spec)
      || (usual == "unset" && (meant == .number(0) || meant == .flag(false)))
  }

  private func nothingTells(_ spec: SettingSpec) -> String {
    let reasons = spec.readBack.compactMap { with.reasons[$0.description] }
    if let reason = reasons.first { return "it cannot be read back: \(reason)" }
    if spec.readBack.contains(.noComplaint) {
      return "it was taken without complaint, and nothing reads it back"
    }
    return spec.readBack.isEmpty
      ? "nothing reads it back"
      : "this program does not answer: \(spec.readBack.map(\.words).joined(separator: ", "))"
  }

  // MARK: - what is in the process does not know it

  private func unknownKey(_ setting: AuditedSetting, _ allocator: AllocatorSpec) -> SettingAudit {
    let key = setting.key ?? ""
    if key.isEmpty && setting.value.isEmpty {
      return entry(setting, .alreadyDefault, "the value is empty: nothing is set")
    }
    if let complaint = complaint(about: setting, allocator.settings) {
      return entry(setting, complaint.verdict, "it says: \(complaint.line)")
    }
    if let direct = directAnswer(key) { return uncatalogued(setting, direct) }
    let changes = with.answers.filter { name, value in
      !explained.contains(name) && without.answers[name].map { $0 != value } ?? false
    }
    if let change = changes.min(by: { $0.key < $1.key }) {
      let before = without.answers[change.key] ?? ""
      return entry(
        setting, .misparsed,
        "\(allocator.id) took it for another key: \(change.key): \(change.value) (without it: \(before))",
        readback: change.value, baseline: before)
    }
    return entry(setting, .rejectedUnknown, "\(allocator.id) knows no such key and says nothing")
  }

  /// A key that the catalogue lacks, but that the process can be asked for.
  private func directAnswer(_ key: String) -> Answer? {
    for readBack in [SettingReadBack.tunable(key), .runtimeDebug(key)] {
      if let shown = with.value(readBack), let baseline = without.value(readBack) {
        return Answer(readBack: readBack, shown: shown, baseline: baseline)
      }
    }
    return nil
  }

  private func uncatalogued(_ setting: AuditedSetting, _ answer: Answer) -> SettingAudit {
    let spec = SettingSpec(
      variable: setting.variable, key: setting.key, type: .integer, defaultValue: answer.baseline, effect: "")
    let comparison = SettingComparison(
      spec: spec, parsing: .lenient, readBack: answer.readBack, asked: setting.value, shown: answer.shown,
      baseline: answer.baseline)
    let (verdict, sentence) = comparison.verdict
    return entry(
      setting, verdict, [sentence, answer.words].compactMap(\.self).joined(separator: "; "), answer)
  }

  private func unknownVariable(
    _ setting: AuditedSetting, _ allocator: AllocatorSpec, _ relative: SettingSpec?
  ) -> SettingAudit {
    if let relative, let answer = answered(relative, where: { $0.kind == .value }) {
      return answer.shown == answer.baseline
        ? entry(setting, .inert, "\(allocator.id) does not read it: \(answer.words)", answer)
        : entry(setting, .accepted, answer.words, answer)
    }
    // An allocator that lists all it knows has answered for the others by listing them.
    let lists = allocator.settings.settings.contains {
      $0.readBack.contains(where: \.isListed) && answered($0) != nil
    }
    if lists {
      return entry(setting, .rejectedUnknown, "\(allocator.id) lists its options, and it is not among them")
    }
    return named(setting, reader: "\(allocator.id) reads others of such names, but not this one")
  }

  private func foreign(
    _ setting: AuditedSetting, _ readers: [AllocatorSpec], _ spec: SettingSpec?
  ) -> SettingAudit {
    let serving = program.allocator.map { "\($0.id) serves malloc here" } ?? "nothing serves malloc here"
    let names = readers.map(\.id.rawValue).joined(separator: ", ")
    if let key = setting.key, !key.hasPrefix("glibc.malloc."), let answer = directAnswer(key) {
      return uncatalogued(setting, answer)  // a tunable that is not about malloc
    }
    if let spec, let answer = answered(spec, where: { $0.kind == .value }), answer.shown != answer.baseline {
      return entry(setting, .accepted, answer.words, answer)
    }
    var words = "\(serving), and it is a setting of \(names); \(mentionWords(setting.variable))"
    if let key = setting.key, let shown = with.value(.tunable(key)) {
      words += "; --list-tunables shows \(shown) all the same"
    }
    return entry(setting, .inert, words)
  }

  private func unheardOf(_ setting: AuditedSetting) -> SettingAudit {
    if setting.variable == "LD_PRELOAD" { return preloaded(setting) }
    return named(setting, reader: "the catalogue knows no allocator that reads it")
  }

  /// The dynamic linker reads it: what it did is what is mapped (ld.so(8)).
  private func preloaded(_ setting: AuditedSetting) -> SettingAudit {
    if without.mappedFiles.count == 1 {
      return entry(setting, .inert, "the program is static: no dynamic linker reads LD_PRELOAD")
    }
    let added = with.mappedFiles.filter { !without.mappedFiles.contains($0) }
    if !added.isEmpty {
      return entry(setting, .accepted, "mapped with it only: \(added.joined(separator: ", "))")
    }
    let said = with.line(with: "LD_PRELOAD").map { ", and the dynamic linker says: \($0)" } ?? ""
    return entry(setting, .rejectedValue, "nothing more is mapped with it\(said)")
  }

  private func named(_ setting: AuditedSetting, reader: String) -> SettingAudit {
    let isNamed = !mentions(setting.variable).isEmpty
    return entry(setting, isNamed ? .unverifiable : .inert, "\(reader); \(mentionWords(setting.variable))")
  }

  private func mentionWords(_ variable: String) -> String {
    let files = mentions(variable).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    let count = without.mappedFiles.count
    return files.isEmpty
      ? "its name stands in none of the files that the process has mapped (\(count))"
      : "its name stands in \(files.joined(separator: ", "))"
  }

  // MARK: - what the process said

  private func fatal(_ setting: AuditedSetting) -> SettingAudit? {
    guard let failure = with.failure, failure != without.failure else { return nil }
    let said = with.firstWords.map { ": \($0)" } ?? ", without a word"
    return entry(setting, .fatal, "the process fails with it (\(failure))\(said)")
  }

  private func complaint(
    about setting: AuditedSetting, _ table: SettingTable
  ) -> (verdict: SettingVerdict, line: String)? {
    for complaint in table.complaints {
      let text = complaint.text.replacing("{key}", with: setting.key ?? setting.variable)
        .replacing("{value}", with: setting.value).replacing("{name}", with: setting.variable.lowercased())
      guard let line = with.line(with: text), without.line(with: text) == nil else { continue }
      return (complaint.verdict, line)
    }
    return nil
  }

  private func answered(
    _ spec: SettingSpec, where isWanted: (SettingReadBack) -> Bool = { _ in true }
  ) -> Answer? {
    for readBack in spec.readBack where isWanted(readBack) {
      if let answer = answer(readBack) { return answer }
    }
    return nil
  }

  private func otherAnswers(_ spec: SettingSpec, besides first: Answer) -> [Answer] {
    spec.readBack.filter { $0 != first.readBack }.compactMap(answer)
  }

  /// A line of output that is there only with the setting, or only without it, is an answer as well.
  private func answer(_ readBack: SettingReadBack) -> Answer? {
    let shown = with.value(readBack)
    let baseline = without.value(readBack)
    if case .output = readBack {
      return Answer(
        readBack: readBack, shown: shown.map(Answer.printed) ?? Answer.silent,
        baseline: baseline.map(Answer.printed) ?? Answer.silent)
    }
    guard let shown, let baseline else { return nil }
    return Answer(readBack: readBack, shown: shown, baseline: baseline)
  }

  // MARK: - entries

  private func entry(
    _ setting: AuditedSetting, _ verdict: SettingVerdict, _ evidence: String, _ answer: Answer? = nil
  ) -> SettingAudit {
    entry(setting, verdict, evidence, readback: answer?.shown, baseline: answer?.baseline)
  }

  private func entry(
    _ setting: AuditedSetting, _ verdict: SettingVerdict, _ evidence: String, readback: String?,
    baseline: String?
  ) -> SettingAudit {
    SettingAudit(
      variable: setting.variable, key: setting.key, value: setting.value, verdict: verdict,
      evidence: evidence,
      readback: readback, baseline: baseline)
  }
}

/// A read-back with what it showed with the setting and without it.
private struct Answer {
  static let silent = "not printed"
  let readBack: SettingReadBack
  let shown: String
  let baseline: String

  static func printed(_ rest: String) -> String { rest.isEmpty ? "printed" : rest }

  /// `opt.narenas: 1 (without it: 8)`.
  var words: String {
    "\(readBack.words): \(shown) (without it: \(shown == baseline ? "the same" : baseline))"
  }
}

extension SettingReadBack {
  /// What an answer of this kind says.
  enum Kind {
    /// The value that is in force.
    case value
    /// Something that the setting changes.
    case effect
    /// What was parsed, before the allocator looked at it.
    case parsed
  }

  var kind: Kind {
    switch self {
    case .process, .output, .probe(.threads), .probe(.invalidFree), .noComplaint: .effect
    case .tunable: .parsed
    default: .value
    }
  }

  /// Whether it is one of a list of all settings.
  var isListed: Bool { if case .verboseOption = self { true } else { false } }

  /// What is read, in words for people.
  var words: String {
    switch self {
    case .mallctl(let name), .property(let name), .runtimeMetric(let name): name
    case .flag(let flag): "FLAGS_\(flag.name)"
    case .verboseOption(let name): "option '\(name)'"
    case .tunable(let name): "ld.so --list-tunables, \(name)"
    case .probe(let probe): probe.words
    case .output(let words): "the line '\(words)'"
    case .process(let file, let field): "\(field) of /proc/PID/\(file)"
    case .runtimeDebug(let field): "runtime.debug.\(field)"
    case .buildInformation(let line): "\(line) of the build information"
    case .noComplaint: "a complaint"
    }
  }
}

extension SettingProbe {
  /// What was counted or found, in words for people.
  var words: String {
    switch self {
    case .arenas: "the number of arenas under many threads"
    case .mmapThreshold: "the size from which requests are mapped"
    case .mmapCount: "the number of blocks that are mapped at a time"
    case .trim: "the size of the heap's top when it went back"
    case .topPad: "what the heap grows beyond a request"
    case .fill: "what a fresh block is filled with"
    case .threadCacheCount: "the number of freed blocks that a thread keeps"
    case .threadCacheSize: "the largest size that a thread keeps"
    case .fastBins: "the largest size in a fast bin"
    case .invalidFree: "damage behind a block that is noticed"
    case .threads: "the number of threads"
    }
  }
}
