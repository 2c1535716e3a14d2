import Model

/// A set as it is audited: what the user wrote, and the settings in it.
struct AuditedSet {
  let settings: [AuditedSetting]
  let environment: [EnvironmentAssignment]

  /// The set without one of its settings.
  func without(_ index: Int) -> [EnvironmentAssignment] {
    var result: [EnvironmentAssignment] = []
    for (other, setting) in settings.enumerated() where other != index {
      let assignment = setting.assignment
      if case .list(let separator, _)? = setting.form,
        let place = result.firstIndex(where: { $0.variable == assignment.variable })
      {
        let text = "\(result[place].value)\(separator)\(assignment.value)"
        result[place] = EnvironmentAssignment(variable: assignment.variable, value: text)
      } else {
        result.append(assignment)
      }
    }
    return result
  }
}

/// What settings of one set do to each other.
extension SettingsAuditor {
  /// A set with more settings is not taken apart: a person looks at it one setting at a time.
  private static let largestSet = 12

  /// One setting's fate does not colour its neighbours: where one is not in force, or may only look so, it is asked
  /// alone, and the reason is found among the others.
  func settled(
    _ entries: [SettingAudit], _ set: AuditedSet, _ without: AuditReadings, _ with: AuditReadings
  ) throws(ProbeError) -> [SettingAudit] {
    guard set.settings.count > 1 else { return entries }
    let mistake = try mistake(in: set, without, with)
    var result = entries
    for (index, setting) in set.settings.enumerated() {
      if mistake?.index == index, let entry = mistake?.entry {
        result[index] = entry
        continue
      }
      if let later = repetition(of: index, in: set, entries) {
        result[index] = overridden(entries[index], by: "the later \(later.name)=\(later.value)")
        continue
      }
      let isBehind = mistake?.mayBeBefore(index, in: set) ?? false
      guard !entries[index].verdict.isInForce, isBehind || setting.isKnown else { continue }
      result[index] = try explained(index, set, entries, without, behind: isBehind ? mistake : nil)
    }
    return result
  }

  /// Of two settings of the same key allocators take the last that they understand.
  private func repetition(of index: Int, in set: AuditedSet, _ entries: [SettingAudit]) -> SettingAudit? {
    entries[(index + 1)...].last {
      $0.variable == entries[index].variable && $0.key == entries[index].key
        && $0.verdict != .rejectedValue && $0.verdict != .rejectedUnknown
    }
  }

  /// Why a setting is not in force in its set although it may be so alone.
  private func explained(
    _ index: Int, _ set: AuditedSet, _ entries: [SettingAudit], _ without: AuditReadings,
    behind mistake: Mistake?
  ) throws(ProbeError) -> SettingAudit {
    let setting = set.settings[index]
    let inSet = entries[index]
    var (alone, _) = try alone(setting, without)
    if let mistake {
      var entry = inSet
      entry.verdict = .rejectedValue
      entry.evidence =
        "not read: the list ends at \(mistake.words(in: set)); alone it is "
        + "\(alone.verdict.rawValue): \(alone.evidence)"
      return entry
    }
    guard
      alone.verdict != inSet.verdict
        || (alone.verdict == .acceptedClamped && alone.readback != inSet.readback)
    else { return inSet }
    if let other = rival(of: index, in: set, entries) {
      return overridden(inSet, by: set.settings[other].shortName(beside: setting))
    }
    // What malloc does is moved by several settings at a time: alone it is seen undisturbed.
    if let spec = setting.spec, spec.isWatched {
      if alone.readback != inSet.readback, let readback = inSet.readback {
        alone.evidence += "; so it is alone, what is seen among the other settings is \(readback)"
      }
      return alone
    }
    if set.settings.count <= Self.largestSet, let other = try culprit(index, set, alone) {
      return overridden(inSet, by: set.settings[other].shortName(beside: setting))
    }
    var entry = inSet
    entry.evidence += "; alone it is \(alone.verdict.rawValue): \(alone.evidence)"
    return entry
  }

  /// Another setting of the same thing: an alias, or a key whose value is read back in the same place.
  private func rival(of index: Int, in set: AuditedSet, _ entries: [SettingAudit]) -> Int? {
    guard let spec = set.settings[index].spec else { return nil }
    let place = spec.readBack.first { $0.kind == .value }
    return set.settings.indices.first { other in
      guard other != index, set.settings[other].isKnown, let rival = set.settings[other].spec,
        rival == spec || (place != nil && rival.readBack.first { $0.kind == .value } == place)
      else { return false }
      return entries[other].verdict.isInForce || entries[other].verdict == .acceptedClamped
    }
  }

  /// The setting without which this one is as it is alone.
  private func culprit(_ index: Int, _ set: AuditedSet, _ alone: SettingAudit) throws(ProbeError) -> Int? {
    guard alone.verdict.isInForce else { return nil }
    for other in set.settings.indices where other != index && set.settings[other].isKnown {
      let rest = set.without(other)
      let with = try runner.readings(of: [set.settings[index]], with: rest, besides: rest)
      guard with.failure == nil else { continue }
      let without = try runner.readings(of: [set.settings[index]], with: [], besides: rest)
      let entry = try judged([set.settings[index]], with, without, isAlone: false)[0]
      if entry.verdict == alone.verdict, entry.readback == alone.readback { return other }
    }
    return nil
  }

  private func overridden(_ entry: SettingAudit, by other: String) -> SettingAudit {
    var entry = entry
    entry.verdict = .acceptedNoEffect
    entry.outcome = "overridden by \(other)"
    return entry
  }

  /// A mistake at which the reading of a list ends.
  struct Mistake {
    /// The setting in which it is; nil when it stands between settings, as a comma too many does.
    let index: Int?
    let entry: SettingAudit?
    /// The allocator that reads the list.
    let reader: AllocatorSpec
    let line: String

    /// Whether a setting may stand behind it in the same variable: if it is not in force, it does.
    func mayBeBefore(_ other: Int, in set: AuditedSet) -> Bool {
      guard reader.settings.form(of: set.settings[other].variable) != nil else { return false }
      guard let index else { return true }
      return other > index && set.settings[other].variable == set.settings[index].variable
    }

    /// Where it is, and what the allocator says to it.
    func words(in set: AuditedSet) -> String {
      index.map { "the mistake '\(set.settings[$0].assignment.value)' (\(line))" } ?? "a mistake (\(line))"
    }
  }

  /// The first setting to which the program, when it is given that alone, says what it also says to the set without
  /// naming a setting.
  private func mistake(
    in set: AuditedSet, _ without: AuditReadings, _ with: AuditReadings
  ) throws(ProbeError) -> Mistake? {
    for allocator in runner.present {
      for complaint in allocator.settings.complaints where !complaint.isNamed {
        guard let line = with.line(with: complaint.text), without.line(with: complaint.text) == nil else {
          continue
        }
        for (index, setting) in set.settings.enumerated()
        where allocator.settings.form(of: setting.variable) != nil {
          let (entry, readings) = try alone(setting, without)
          guard readings.line(with: complaint.text) != nil else { continue }
          return Mistake(index: index, entry: entry, reader: allocator, line: line)
        }
        return Mistake(index: nil, entry: nil, reader: allocator, line: line)
      }
    }
    return nil
  }
}

extension AuditedSetting {
  /// Whether something in the process has this setting.
  var isKnown: Bool { if case .known = owner { true } else { false } }

  /// How its variable holds it, where something in the process reads the variable.
  fileprivate var form: SettingForm? {
    switch owner {
    case .known(let spec, _): spec.variable == variable ? spec.form : nil
    case .unknownKey(_, let form): form
    case .foreign(_, let spec?): spec.variable == variable ? spec.form : nil
    default: nil
    }
  }

  /// Its name in a sentence about a setting of the same set.
  fileprivate func shortName(beside other: AuditedSetting) -> String {
    guard let key else { return variable }
    return other.variable == variable ? key : "\(variable) \(key)"
  }
}
