import Model
import Yams

/// Reads the key `settings` of an allocator's file. The format is explained at the top of `glibc.yaml`.
struct SettingsReader {
  private static let tableKeys = [
    "notes", "from", "booleans", "variables", "parsing", "suffixes", "audit", "complaints", "sources",
  ]
  private static let settingKeys = [
    "type", "minimum", "maximum", "clamped", "choices", "default", "effect", "read_back", "always",
    "works_with", "pitfalls", "basis", "aliases", "shown", "steps", "after_fork",
  ]
  private static let listKeys = ["separator", "assignment", "read_back", "basis", "keys"]

  /// The words for on and off.
  private let booleans: [String]
  private let file: String

  /// Reads the settings that the file itself lists.
  static func table(_ map: YAMLMap) throws(InputError) -> SettingTable {
    try map.rejectUnknownKeys(tableKeys, in: "settings")
    let booleans = try map.strings("booleans")
    guard booleans.isEmpty || booleans.count == 2 else {
      throw InputError("'booleans' holds two words: on, off", at: map.place(of: "booleans"))
    }
    let reader = SettingsReader(booleans: booleans, file: map.file)
    var table = SettingTable(
      notes: try map.strings("notes"),
      parsing: try reader.choice(SettingParsing.self, map, "parsing") ?? .strict,
      suffixes: try reader.choice(SizeSuffixes.self, map, "suffixes") ?? .usual,
      auditEnvironment: try reader.auditEnvironment(map), complaints: try reader.complaints(map),
      sources: try reader.sources(map))
    for pair in try map.map("variables")?.pairs ?? [] {
      guard EnvironmentAssignment.isVariable(pair.key) else {
        throw InputError("'\(pair.key)' cannot be a variable's name", at: pair.location)
      }
      table.settings += try reader.variable(pair.key, YAMLMap(pair.node, file: map.file))
    }
    return table
  }

  private func auditEnvironment(_ map: YAMLMap) throws(InputError) -> [EnvironmentAssignment] {
    var result: [EnvironmentAssignment] = []
    for pair in try map.map("audit")?.pairs ?? [] {
      guard EnvironmentAssignment.isVariable(pair.key) else {
        throw InputError("'\(pair.key)' cannot be a variable's name", at: pair.location)
      }
      let value = try YAMLMap.string(pair.node, file: file, what: "the value of \(pair.key)")
      result.append(EnvironmentAssignment(variable: pair.key, value: value))
    }
    return result
  }

  private func complaints(_ map: YAMLMap) throws(InputError) -> [SettingComplaint] {
    var result: [SettingComplaint] = []
    for node in try map.list("complaints") ?? [] {
      let complaint = try YAMLMap(node, file: file)
      try complaint.rejectUnknownKeys(["text", "verdict"], in: "a complaint")
      result.append(
        SettingComplaint(
          text: try complaint.requiredString("text"),
          verdict: try required(SettingVerdict.self, complaint, "verdict")))
    }
    return result
  }

  private func sources(_ map: YAMLMap) throws(InputError) -> [SettingSource] {
    var result: [SettingSource] = []
    for node in try map.list("sources") ?? [] {
      let source = try YAMLMap(node, file: file)
      try source.rejectUnknownKeys(["ask", "text"], in: "a source")
      result.append(
        SettingSource(request: try source.requiredString("ask"), text: try source.requiredString("text")))
    }
    return result
  }

  private func variable(_ name: String, _ map: YAMLMap) throws(InputError) -> [SettingSpec] {
    guard let keys = try map.map("keys") else { return [try setting(name, key: nil, .value, map)] }
    try map.rejectUnknownKeys(Self.listKeys, in: "variable '\(name)'")
    let form = SettingForm.list(
      separator: try character(map, "separator"), assignment: try character(map, "assignment"))
    var result: [SettingSpec] = []
    for pair in keys.pairs {
      result.append(
        try setting(name, key: pair.key, form, YAMLMap(pair.node, file: file), inheriting: map))
    }
    return result
  }

  private func character(_ map: YAMLMap, _ key: String) throws(InputError) -> Character {
    let text = try map.requiredString(key)
    guard let character = text.first, text.count == 1 else {
      throw InputError("'\(key)' is one character", at: map.place(of: key))
    }
    return character
  }

  private func setting(
    _ variable: String, key: String?, _ form: SettingForm, _ map: YAMLMap, inheriting outer: YAMLMap? = nil
  ) throws(InputError) -> SettingSpec {
    try map.rejectUnknownKeys(Self.settingKeys, in: "setting '\(key ?? variable)'")
    let type = try required(SettingType.self, map, "type")
    let always = try choice(SettingVerdict.self, map, "always")
    let basis = try choice(SettingBasis.self, map, "basis")
    let common = try outer.flatMap { (outer) throws(InputError) in
      try choice(SettingBasis.self, outer, "basis")
    }
    return SettingSpec(
      variable: variable, key: key, form: form, aliases: try map.strings("aliases"), type: type,
      range: try range(map), clamped: try bounds(map, "clamped"), steps: try steps(map),
      choices: try choices(map, type),
      shownAs: try choice(SettingType.self, map, "shown"), defaultValue: try map.requiredString("default"),
      effect: try map.requiredString("effect"),
      readBack: try readBack(map["read_back"] == nil ? outer ?? map : map, key: key), always: always,
      worksWith: try map.strings("works_with"),
      afterFork: try map.string("after_fork").map { (text) throws(InputError) in
        try SettingReadBack(parsing: text)
      }, pitfalls: try pitfalls(map),
      basis: basis ?? common ?? .tested)
  }

  private func choices(_ map: YAMLMap, _ type: SettingType) throws(InputError) -> [String] {
    let choices = try map.strings("choices")
    switch type {
    case .boolean where choices.isEmpty && booleans.isEmpty:
      throw InputError("a boolean needs 'choices', or 'booleans' for all settings", at: map.location)
    case .boolean where choices.isEmpty: return booleans
    case .choice where choices.isEmpty: throw InputError("'choices' is missing", at: map.location)
    default: return choices
    }
  }

  private func range(_ map: YAMLMap) throws(InputError) -> SettingRange {
    let range = SettingRange(
      minimum: try map.int("minimum").map { Int64($0) }, maximum: try map.int("maximum").map { Int64($0) })
    if let low = range.minimum, let high = range.maximum, low > high {
      throw InputError("'minimum' is above 'maximum'", at: map.place(of: "minimum"))
    }
    return range
  }

  private func bounds(_ map: YAMLMap, _ key: String) throws(InputError) -> SettingRange {
    guard let bounds = try map.map(key) else { return SettingRange() }
    try bounds.rejectUnknownKeys(["minimum", "maximum"], in: key)
    return try range(bounds)
  }

  /// `cores`, or `{up: FIRST, step: STEP}`, or `{down: FIRST, step: STEP}`.
  private func steps(_ map: YAMLMap) throws(InputError) -> SettingSteps? {
    guard let node = map["steps"] else { return nil }
    guard case .mapping = node else {
      guard try map.string("steps") == "cores" else {
        throw InputError(
          "'steps' is cores, {up: FIRST, step: STEP} or {down: FIRST, step: STEP}", at: map.place(of: "steps")
        )
      }
      return .cores
    }
    let steps = try YAMLMap(node, file: file)
    try steps.rejectUnknownKeys(["up", "down", "step"], in: "steps")
    guard let step = try steps.int("step"), step > 0 else {
      throw InputError("'step' is a number above 0", at: steps.location)
    }
    switch (try steps.int("up"), try steps.int("down")) {
    case (let first?, nil): return .up(first: Int64(first), step: Int64(step))
    case (nil, let first?): return .down(first: Int64(first), step: Int64(step))
    default: throw InputError("'steps' holds either 'up' or 'down'", at: steps.location)
    }
  }

  /// `{key}` stands for the key, so that a list's read-back is said once.
  private func readBack(_ map: YAMLMap, key: String?) throws(InputError) -> [SettingReadBack] {
    var result: [SettingReadBack] = []
    for node in try map.list("read_back") ?? [] {
      let text = try YAMLMap.string(node, file: file, what: "a read-back")
      do {
        result.append(
          try SettingReadBack(
            parsing: text.split(separator: "{key}", omittingEmptySubsequences: false)
              .joined(separator: key ?? "")))
      } catch {
        throw InputError(error.message, hint: error.hint, at: YAMLMap.place(node, file: file))
      }
    }
    return result
  }

  private func pitfalls(_ map: YAMLMap) throws(InputError) -> [SettingPitfall] {
    var result: [SettingPitfall] = []
    for node in try map.list("pitfalls") ?? [] {
      guard case .mapping = node else {
        result.append(SettingPitfall(try YAMLMap.string(node, file: file, what: "a pitfall")))
        continue
      }
      let pitfall = try YAMLMap(node, file: file)
      try pitfall.rejectUnknownKeys(["value", "verdict", "read", "text"], in: "a pitfall")
      let read = try bounds(pitfall, "read")
      result.append(
        SettingPitfall(
          try pitfall.requiredString("text"),
          value: read.isUnbounded ? try pitfall.requiredString("value") : try pitfall.string("value"),
          verdict: try choice(SettingVerdict.self, pitfall, "verdict"), read: read))
    }
    return result
  }

  private func choice<Choice>(_ type: Choice.Type, _ map: YAMLMap, _ key: String) throws(InputError)
    -> Choice? where Choice: RawRepresentable<String> & CaseIterable
  {
    guard let text = try map.string(key) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw InputError.unknown(key, text, among: Choice.allCases.map(\.rawValue), at: map.place(of: key))
    }
    return choice
  }

  private func required<Choice>(_ type: Choice.Type, _ map: YAMLMap, _ key: String) throws(InputError)
    -> Choice where Choice: RawRepresentable<String> & CaseIterable
  {
    guard let choice = try choice(type, map, key) else {
      throw InputError("'\(key)' is missing", at: map.location)
    }
    return choice
  }
}
