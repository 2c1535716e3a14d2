import Model

/// Settings that what is in the process does not know.
extension SettingJudge {
  func unknownKey(_ setting: AuditedSetting, _ allocator: AllocatorSpec) -> SettingAudit {
    let key = setting.key ?? ""
    if key.isEmpty && setting.value.isEmpty {
      return entry(setting, .alreadyDefault, "the value is empty: nothing is set")
    }
    if let complaint = complaint(about: setting, allocator.settings) {
      return entry(setting, complaint.verdict, "it says: \(complaint.line)")
    }
    if let direct = directAnswer(key) { return uncatalogued(setting, direct) }
    let settings = Set(allocator.settings.settings.flatMap(\.readBack).map(\.description))
    let changes = with.answers.filter { name, value in
      settings.contains(name) && !explained.contains(name)
        && without.answers[name].map { $0 != value } ?? false
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
  private func directAnswer(_ key: String) -> AuditAnswer? {
    for readBack in [SettingReadBack.tunable(key), .runtimeDebug(key)] {
      if let shown = with.value(readBack), let baseline = without.value(readBack) {
        return AuditAnswer(readBack: readBack, shown: shown, baseline: baseline)
      }
    }
    return nil
  }

  private func uncatalogued(_ setting: AuditedSetting, _ answer: AuditAnswer) -> SettingAudit {
    let spec = SettingSpec(
      variable: setting.variable, key: setting.key, type: .integer, defaultValue: answer.baseline, effect: "")
    let comparison = SettingComparison(
      spec: spec, parsing: .lenient, readBack: answer.readBack, asked: setting.value, shown: answer.shown,
      baseline: answer.baseline)
    let (verdict, sentence) = comparison.verdict
    return entry(
      setting, verdict, [sentence, answer.words].compactMap(\.self).joined(separator: "; "), answer)
  }

  func unknownVariable(
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

  func foreign(
    _ setting: AuditedSetting, _ readers: [AllocatorSpec], _ spec: SettingSpec?
  ) -> SettingAudit {
    let serving =
      program.allocator.map { "\($0.id) serves malloc here" }
      ?? program.server.map { "\($0) serves malloc here" } ?? "nothing serves malloc here"
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
    // In the user's program something else may read it: a copy of an allocator that does not serve malloc.
    let isRead =
      program.way != .probe && mentions(setting.variable).contains { !isOfAllocator($0.file, readers) }
    return entry(setting, isRead ? .unverifiable : .inert, words)
  }

  func unheardOf(_ setting: AuditedSetting) -> SettingAudit {
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

  /// Whether a file is an allocator's library or the dynamic linker, which hold such names anyway.
  private func isOfAllocator(_ file: String, _ readers: [AllocatorSpec]) -> Bool {
    guard let name = file.split(separator: "/").last else { return false }
    return name.hasPrefix("ld-linux") || name.hasPrefix("ld-musl")
      || readers.flatMap(\.marks.files).contains { name.hasPrefix($0) || $0 == file }
  }

  private func named(_ setting: AuditedSetting, reader: String) -> SettingAudit {
    let isNamed = !mentions(setting.variable).isEmpty
    return entry(setting, isNamed ? .unverifiable : .inert, "\(reader); \(mentionWords(setting.variable))")
  }

  private func mentionWords(_ variable: String) -> String {
    let files = mentions(variable).map { $0.words(for: variable) }
    let count = without.mappedFiles.count
    return files.isEmpty
      ? program.way == .probe
        ? "its name stands in none of the files that the process has mapped (\(count))"
        : "its name stands in none of the files that the program has mapped"
      : "its name stands in \(files.joined(separator: ", "))"
  }
}
