/// A named set of environment assignments.
public struct SettingsSet: Hashable, Codable, Sendable {
  /// Its name; `default` is the empty set.
  public let name: String
  /// Variables with their values, in the order they were written.
  public let environment: [EnvironmentAssignment]
  /// What it is for: variants in their written form, allocators' ids, or `go` for every Go program; empty for
  /// every variant.
  public let targets: [String]

  /// Names a set.
  public init(name: String, environment: [EnvironmentAssignment], targets: [String] = []) {
    self.name = name
    self.environment = environment
    self.targets = targets
  }

  /// Read as stored; sessions of older versions have no targets.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    environment = try values.decode([EnvironmentAssignment].self, forKey: .environment)
    targets = try values.decodeIfPresent([String].self, forKey: .targets) ?? []
  }

  /// Whether cells of a variant are made with it.
  public func applies(to variant: Variant) -> Bool {
    targets.isEmpty || targets.contains(variant.description) || targets.contains(variant.allocator.rawValue)
      || (variant.isGo && targets.contains(Variant.pureGo.allocator.rawValue))
  }

  /// No settings: every allocator as it comes.
  public static let none = SettingsSet(name: "default", environment: [])

  /// Reads the flag's form `NAME[@TARGET…]=VARIABLE=VALUE[,VARIABLE=VALUE…]`; a comma only separates where a further
  /// `VARIABLE=` in capitals follows, since values such as `narenas:1,lg_chunk:20` or `gctrace=1,sbrk=0` hold commas
  /// themselves.
  public init(parsing text: String) throws(InputError) {
    let names = text.prefix { $0 != "=" }.split(separator: "@", omittingEmptySubsequences: false).map(
      String.init)
    guard let split = text.firstIndex(of: "="), Identifier.isValid(names[0]), !names.contains("") else {
      throw InputError(
        "settings '\(text)' is not of the form NAME=VARIABLE=VALUE",
        hint: "for example tight=MALLOC_CONF=dirty_decay_ms:0")
    }
    var assignments: [EnvironmentAssignment] = []
    for piece in text[text.index(after: split)...].split(separator: ",", omittingEmptySubsequences: false) {
      if let equals = piece.firstIndex(of: "="),
        EnvironmentAssignment.isVariable(String(piece[..<equals])),
        assignments.isEmpty || !piece[..<equals].contains(where: \.isLowercase)
      {
        assignments.append(
          EnvironmentAssignment(
            variable: String(piece[..<equals]), value: String(piece[piece.index(after: equals)...])))
      } else if let last = assignments.popLast() {
        assignments.append(
          EnvironmentAssignment(variable: last.variable, value: "\(last.value),\(piece)"))
      } else {
        throw InputError(
          "settings '\(text)': '\(piece)' is not of the form VARIABLE=VALUE",
          hint: "for example tight=MALLOC_CONF=dirty_decay_ms:0")
      }
    }
    self.init(name: names[0], environment: assignments, targets: Array(names.dropFirst()))
  }
}

/// One environment variable with its value.
public struct EnvironmentAssignment: Hashable, Codable, Sendable {
  /// The variable's name.
  public let variable: String
  /// Its value, which may be empty.
  public let value: String

  /// Gives a variable a value.
  public init(variable: String, value: String) {
    self.variable = variable
    self.value = value
  }

  /// Whether a name can be an environment variable's: upper- or lower-case letters, digits, `_`.
  public static func isVariable(_ name: String) -> Bool {
    guard let first = name.first, first.isASCII, first.isLetter || first == "_" else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
