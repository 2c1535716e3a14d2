import Model

/// Judges settings by what a program told with them and without them. Pure: all runs are over.
struct SettingJudge {
  let program: AuditedProgram
  let with: AuditReadings
  let without: AuditReadings
  /// The files of the process in which a variable's name stands.
  let mentions: (String) -> [AuditMention]
  /// Read-backs that the set's settings explain: what else changed, an unknown key did.
  let explained: Set<String>
  /// Whether the settings were in the environment one at a time, so that every complaint is about the one judged.
  var isAlone = true

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
    _ setting: AuditedSetting, _ spec: SettingSpec, _ verdict: SettingVerdict, _ value: AuditAnswer?
  ) -> SettingAudit {
    let reason = spec.pitfalls.first { $0.value == nil && $0.read.isUnbounded }?.text ?? spec.effect
    let seen = value.map { "; \($0.words)" } ?? ""
    if verdict == .inert, let value, value.shown != value.baseline {
      return entry(setting, .accepted, value.words, value)
    }
    return entry(setting, verdict, reason + seen, value)
  }

  private func compared(
    _ setting: AuditedSetting, _ spec: SettingSpec, _ table: SettingTable, _ answer: AuditAnswer
  ) -> SettingAudit {
    let comparison = SettingComparison(
      spec: spec, parsing: table.parsing, readBack: answer.readBack, asked: setting.value,
      shown: answer.shown,
      baseline: answer.baseline, suffixes: table.suffixes, cores: UsableCores.count)
    var (verdict, sentence) = comparison.verdict
    let consequence = verdict == .alreadyDefault ? nil : comparison.consequence
    let start = [sentence, consequence].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
    var words = [start].filter { !$0.isEmpty }
    if let change = sideEffect(spec), verdict.isInForce || verdict == .unverifiable {
      // Who sets it has changed something even where the value is the default.
      words.append("\(change.shown); was \(change.baseline)")
      verdict = .accepted
    }
    words.append(answer.words)
    words += otherAnswers(spec, besides: answer).map(\.words)
    return entry(
      setting, verdict, words.joined(separator: "; "), readback: comparison.readBackInSteps ?? answer.shown,
      baseline: answer.baseline)
  }

  /// What setting it changed besides, if that is to be seen.
  private func sideEffect(_ spec: SettingSpec) -> AuditAnswer? {
    guard let change = answered(spec, where: { $0.kind == .consequence }), change.shown != change.baseline
    else { return nil }
    return change
  }

  /// What the setting does can be watched, its value cannot be read.
  private func watched(_ setting: AuditedSetting, _ spec: SettingSpec, _ effect: AuditAnswer) -> SettingAudit
  {
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
  private func onlyParsed(_ setting: AuditedSetting, _ spec: SettingSpec, _ parsed: AuditAnswer)
    -> SettingAudit
  {
    if parsed.shown == parsed.baseline {
      return entry(setting, .rejectedValue, parsed.words, parsed)
    }
    return entry(setting, .unverifiable, "\(parsed.words); nothing shows what malloc made of it", parsed)
  }

  func isDefault(_ value: String, _ spec: SettingSpec) -> Bool {
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

  // MARK: - what the process said

  private func fatal(_ setting: AuditedSetting) -> SettingAudit? {
    guard let failure = with.failure, failure != without.failure else { return nil }
    let said = with.firstWords.map { ": \($0)" } ?? ", without a word"
    return entry(setting, .fatal, "the process fails with it (\(failure))\(said)")
  }

  func complaint(
    about setting: AuditedSetting, _ table: SettingTable
  ) -> (verdict: SettingVerdict, line: String)? {
    for complaint in table.complaints where isAlone || complaint.isNamed {
      let text = complaint.text.replacing("{key}", with: setting.key ?? setting.variable)
        .replacing("{value}", with: setting.value).replacing("{name}", with: setting.variable.lowercased())
      guard let line = with.line(with: text), without.line(with: text) == nil else { continue }
      return (complaint.verdict, line)
    }
    return nil
  }

  func answered(
    _ spec: SettingSpec, where isWanted: (SettingReadBack) -> Bool = { _ in true }
  ) -> AuditAnswer? {
    for readBack in spec.readBack where isWanted(readBack) {
      if let answer = answer(readBack) { return answer }
    }
    return nil
  }

  private func otherAnswers(_ spec: SettingSpec, besides first: AuditAnswer) -> [AuditAnswer] {
    spec.readBack.filter { $0 != first.readBack }.compactMap(answer)
  }

  /// A line of output that is there only with the setting, or only without it, is an answer as well.
  func answer(_ readBack: SettingReadBack) -> AuditAnswer? {
    let shown = with.value(readBack)
    let baseline = without.value(readBack)
    if case .output = readBack {
      return AuditAnswer(
        readBack: readBack, shown: shown.map(AuditAnswer.printed) ?? AuditAnswer.silent,
        baseline: baseline.map(AuditAnswer.printed) ?? AuditAnswer.silent)
    }
    guard let shown, let baseline else { return nil }
    return AuditAnswer(readBack: readBack, shown: shown, baseline: baseline)
  }

  // MARK: - entries

  func entry(
    _ setting: AuditedSetting, _ verdict: SettingVerdict, _ evidence: String, _ answer: AuditAnswer? = nil
  ) -> SettingAudit {
    entry(setting, verdict, evidence, readback: answer?.shown, baseline: answer?.baseline)
  }

  func entry(
    _ setting: AuditedSetting, _ verdict: SettingVerdict, _ evidence: String, readback: String?,
    baseline: String?
  ) -> SettingAudit {
    SettingAudit(
      variable: setting.variable, key: setting.key, value: setting.value, verdict: verdict,
      evidence: evidence,
      readback: readback, baseline: baseline)
  }
}
