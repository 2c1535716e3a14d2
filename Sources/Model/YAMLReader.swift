import Yams

/// One mapping of a YAML text, read key by key, with the place of every value for messages.
///
/// Call `rejectUnknownKeys` with all keys that are known, so that a typing slip is never ignored.
public struct YAMLMap {
  /// The file's name for messages.
  public let file: String
  /// Pairs in the order of the text.
  public let pairs: [(key: String, node: Node, location: InputError.Location)]
  /// Where the mapping starts.
  public let location: InputError.Location

  /// Reads a text whose root is a mapping.
  public init(text: String, file: String) throws(InputError) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw YAMLMap.describe(error, file: file)
    } catch {
      throw InputError("\(error)", at: .init(file: file, line: 1, column: 1))
    }
    guard let root else {
      throw InputError("the file is empty", at: .init(file: file, line: 1, column: 1))
    }
    try self.init(root, file: file)
  }

  /// Reads a node that must be a mapping.
  public init(_ node: Node, file: String) throws(InputError) {
    let place = YAMLMap.place(node, file: file)
    guard case .mapping(let mapping) = node else {
      throw InputError("a mapping (key: value) is expected here", at: place)
    }
    self.file = file
    location = place
    var pairs: [(key: String, node: Node, location: InputError.Location)] = []
    var seen: Set<String> = []
    for (key, value) in mapping {
      guard let name = key.string else {
        throw InputError("a key must be a plain word", at: YAMLMap.place(key, file: file))
      }
      let keyPlace = YAMLMap.place(key, file: file)
      guard seen.insert(name).inserted else {
        throw InputError("the key '\(name)' stands here twice", at: keyPlace)
      }
      pairs.append((name, value, keyPlace))
    }
    self.pairs = pairs
  }

  /// Where a node stands.
  public static func place(_ node: Node, file: String) -> InputError.Location {
    .init(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  /// Where the value of a key stands, or the mapping when the key is absent.
  public func place(of key: String) -> InputError.Location {
    self[key].map { YAMLMap.place($0, file: file) } ?? location
  }

  /// The value of a key.
  public subscript(key: String) -> Node? { pairs.first { $0.key == key }?.node }

  /// Throws for the first key that is not known, with the nearest known one.
  public func rejectUnknownKeys(_ known: [String], in what: String) throws(InputError) {
    for pair in pairs where !known.contains(pair.key) {
      throw InputError.unknown("key", pair.key, among: known, in: what, at: pair.location)
    }
  }

  /// A text, or nil when the key is absent.
  public func string(_ key: String) throws(InputError) -> String? {
    guard let node = self[key] else { return nil }
    return try YAMLMap.string(node, file: file, what: "'\(key)'")
  }

  /// A text that must be there.
  public func requiredString(_ key: String) throws(InputError) -> String {
    guard let value = try string(key) else { throw InputError("'\(key)' is missing", at: location) }
    return value
  }

  /// A whole number, or nil when the key is absent.
  public func int(_ key: String) throws(InputError) -> Int? {
    guard let node = self[key] else { return nil }
    guard let value = node.int else {
      throw InputError("'\(key)' must be a whole number", at: place(of: key))
    }
    return value
  }

  /// A number, or nil when the key is absent.
  public func double(_ key: String) throws(InputError) -> Double? {
    guard let node = self[key] else { return nil }
    guard let value = node.float ?? node.int.map(Double.init) else {
      throw InputError("'\(key)' must be a number", at: place(of: key))
    }
    return value
  }

  /// A yes or no, or nil when the key is absent.
  public func bool(_ key: String) throws(InputError) -> Bool? {
    guard let node = self[key] else { return nil }
    guard let value = node.bool else {
      throw InputError("'\(key)' must be true or false", at: place(of: key))
    }
    return value
  }

  /// The elements of a list; nil when the key is absent.
  public func list(_ key: String) throws(InputError) -> [Node]? {
    guard let node = self[key] else { return nil }
    guard case .sequence(let sequence) = node else {
      throw InputError("'\(key)' must be a list", at: place(of: key))
    }
    return Array(sequence)
  }

  /// A list of texts; empty when the key is absent.
  public func strings(_ key: String) throws(InputError) -> [String] {
    var result: [String] = []
    for node in try list(key) ?? [] {
      result.append(try YAMLMap.string(node, file: file, what: "an element of '\(key)'"))
    }
    return result
  }

  /// A mapping below a key; nil when the key is absent.
  public func map(_ key: String) throws(InputError) -> YAMLMap? {
    guard let node = self[key] else { return nil }
    return try YAMLMap(node, file: file)
  }

  /// A scalar as the text that was written.
  public static func string(_ node: Node, file: String, what: String) throws(InputError) -> String {
    guard case .scalar(let scalar) = node else {
      throw InputError("\(what) must be a single value", at: place(node, file: file))
    }
    return scalar.string
  }

  private static func describe(_ error: YamlError, file: String) -> InputError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return InputError(
        "not valid YAML: \(problem)", at: .init(file: file, line: mark.line, column: mark.column))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      return InputError(
        "the key \(names) stands here twice",
        at: .init(file: file, line: context.mark.line, column: context.mark.column))
    default:
      return InputError("not valid YAML: \(error)", at: .init(file: file, line: 1, column: 1))
    }
  }
}
