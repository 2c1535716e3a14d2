import Model
import Yams

/// Reads the keys `settings` and `ladder` of a plan.
///
///     settings:
///       tight: {MALLOC_CONF: "dirty_decay_ms:0"}
///       one-arena: {environment: {MALLOC_ARENA_MAX: 1}, variants: [glibc]}
///       decay:
///         ladder: {variable: MALLOC_CONF, key: dirty_decay_ms, values: [0, 1000]}
///         environment: {MALLOC_CONF: "background_thread:true"}
///         variants: [jemalloc]
///
/// `variants` names variants or allocators. Several ladders in a list are combined, each value with each.
enum SettingsReader {
  private static let longKeys = ["environment", "variants", "ladder"]

  /// All requests in the order of the file; nil when it has none.
  static func requests(_ map: YAMLMap) throws(InputError) -> [SettingsRequest]? {
    guard map["settings"] != nil || map["ladder"] != nil else { return nil }
    var result: [SettingsRequest] = []
    for pair in try map.map("settings")?.pairs ?? [] {
      guard Identifier.isValid(pair.key), pair.key != SettingsSet.none.name else {
        throw InputError(
          "'\(pair.key)' cannot name settings", hint: "letters, digits, '-', '_'; not 'default'",
          at: pair.location)
      }
      let inner = try YAMLMap(pair.node, file: map.file)
      result.append(try request(pair.key, inner, at: pair.location))
    }
    for ladder in try ladders(map) {
      result.append(SettingsRequest(ladder, location: map.place(of: "ladder")))
    }
    return result
  }

  private static func request(
    _ name: String, _ map: YAMLMap, at place: InputError.Location
  ) throws(InputError) -> SettingsRequest {
    guard longKeys.contains(where: { map[$0] != nil }) else {
      return SettingsRequest(name: name, environment: try assignments(map), location: place)
    }
    try map.rejectUnknownKeys(longKeys, in: "settings '\(name)'")
    let environment = try map.map("environment").map { (inner) throws(InputError) in try assignments(inner) }
    return SettingsRequest(
      name: name, environment: environment ?? [], targets: try map.strings("variants"),
      ladders: try ladders(map), location: place)
  }

  private static func assignments(_ map: YAMLMap) throws(InputError) -> [EnvironmentAssignment] {
    var result: [EnvironmentAssignment] = []
    for pair in map.pairs {
      guard EnvironmentAssignment.isVariable(pair.key) else {
        throw InputError("'\(pair.key)' is not an environment variable", at: pair.location)
      }
      let value = try YAMLMap.string(pair.node, file: map.file, what: "the value of \(pair.key)")
      result.append(EnvironmentAssignment(variable: pair.key, value: value))
    }
    return result
  }

  /// One ladder, or a list of them.
  private static func ladders(_ map: YAMLMap) throws(InputError) -> [SettingsRequest.Ladder] {
    guard let node = map["ladder"] else { return [] }
    if case .sequence(let sequence) = node {
      var result: [SettingsRequest.Ladder] = []
      for element in sequence { result.append(try ladder(YAMLMap(element, file: map.file))) }
      return result
    }
    return [try ladder(YAMLMap(node, file: map.file))]
  }

  private static func ladder(_ map: YAMLMap) throws(InputError) -> SettingsRequest.Ladder {
    try map.rejectUnknownKeys(["variable", "key", "values"], in: "a ladder")
    let variable = try map.requiredString("variable")
    guard EnvironmentAssignment.isVariable(variable) else {
      throw InputError("'\(variable)' is not an environment variable", at: map.place(of: "variable"))
    }
    let values = try map.strings("values")
    guard !values.isEmpty else {
      throw InputError(
        "the ladder of \(variable) has no 'values'", hint: "e.g. values: [0, 1000]", at: map.location)
    }
    return SettingsRequest.Ladder(variable: variable, key: try map.string("key"), values: values)
  }
}
