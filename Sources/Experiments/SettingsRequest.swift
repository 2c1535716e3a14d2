import Model

/// Settings as the user wrote them: one set, or with ladders one set for each value.
public struct SettingsRequest: Sendable {
  /// A knob with the values it goes through.
  public struct Ladder: Sendable {
    /// The environment variable.
    public var variable: String
    /// Its key, where the variable holds a list.
    public var key: String?
    /// The values, as written.
    public var values: [String]

    /// States a ladder.
    public init(variable: String, key: String?, values: [String]) {
      self.variable = variable
      self.key = key
      self.values = values
    }

    /// Reads the flag's form `VARIABLE[:KEY]=VALUE,VALUE…`.
    public init(parsing text: String) throws(InputError) {
      let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let names = sides[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard sides.count == 2, EnvironmentAssignment.isVariable(names[0]), names.last != "" else {
        throw InputError(
          "ladder '\(text)' is not of the form VARIABLE[:KEY]=VALUE,VALUE",
          hint: "for example MALLOC_CONF:dirty_decay_ms=0,1000,10000")
      }
      self.init(
        variable: names[0], key: names.count == 2 ? names[1] : nil,
        values: sides[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }
  }

  /// The set's name, or what the names of a ladder's sets begin with.
  public var name: String
  /// What all its sets have in common.
  public var environment: [EnvironmentAssignment]
  /// Variants or allocators that it is for; empty for all.
  public var targets: [String]
  /// Knobs; several are combined, each value with each.
  public var ladders: [Ladder]
  /// Where it stands, if in a file.
  public var location: InputError.Location?

  /// States a request.
  public init(
    name: String, environment: [EnvironmentAssignment] = [], targets: [String] = [], ladders: [Ladder] = [],
    location: InputError.Location? = nil
  ) {
    self.name = name
    self.environment = environment
    self.targets = targets
    self.ladders = ladders
    self.location = location
  }

  /// A request for a single set, e.g. from a flag.
  public init(_ set: SettingsSet) {
    self.init(name: set.name, environment: set.environment, targets: set.targets)
  }

  /// A request for a ladder without further settings: its sets are called after the knob.
  public init(_ ladder: Ladder, location: InputError.Location? = nil) {
    self.init(name: ladder.key ?? ladder.variable, ladders: [ladder], location: location)
  }

  /// More sets than anybody can read about, let alone wait for.
  private static let most = 200

  /// The sets, in the order of the values. `allocators` know how their variables hold keys.
  ///
  /// Throws: `InputError` for a ladder without values, a variable that needs a key, or one that has none.
  func sets(_ allocators: [AllocatorSpec]) throws(InputError) -> [SettingsSet] {
    do throws(InputError) {
      var sets = [SettingsSet(name: name, environment: environment, targets: targets)]
      for ladder in ladders {
        guard !ladder.values.isEmpty else {
          throw InputError("the ladder of \(ladder.variable) has no values")
        }
        var next: [SettingsSet] = []
        for set in sets {
          for value in ladder.values { next.append(try ladder.adding(value, to: set, allocators)) }
        }
        guard next.count <= Self.most else {
          throw InputError(
            "the ladders make \(next.count) sets", hint: "at most \(Self.most); take fewer values")
        }
        sets = next
      }
      return sets
    } catch {
      throw InputError("settings '\(name)': \(error.message)", hint: error.hint, at: location)
    }
  }
}

extension SettingsRequest.Ladder {
  /// The set with the knob at a value.
  fileprivate func adding(
    _ value: String, to set: SettingsSet, _ allocators: [AllocatorSpec]
  ) throws(InputError) -> SettingsSet {
    var environment = set.environment
    let before = environment.firstIndex { $0.variable == variable }
    let text = try text(value, after: before.map { environment[$0].value }, allocators)
    let assignment = EnvironmentAssignment(variable: variable, value: text)
    if let before { environment[before] = assignment } else { environment.append(assignment) }
    let suffix = value.isEmpty ? "empty" : value.map { Self.isSafe($0) ? $0 : "_" }.map(String.init).joined()
    let name = "\(set.name)-\(suffix)"
    guard Identifier.isValid(name) else {
      throw InputError("'\(name)' is no name for a set", hint: "shorten it")
    }
    return SettingsSet(name: name, environment: environment, targets: set.targets)
  }

  private static func isSafe(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
  }

  /// The variable's value: a list's key is added to what stands there already.
  private func text(
    _ value: String, after before: String?, _ allocators: [AllocatorSpec]
  ) throws(InputError) -> String {
    let form = allocators.lazy.compactMap { $0.settings.form(of: variable) }.first
    switch (form, key) {
    case (.list?, nil):
      throw InputError("\(variable) holds a list", hint: "name the key of the ladder")
    case (.list(let separator, _)?, let key?):
      let own = form?.text(key: key, value: value) ?? ""
      return before.map { "\($0)\(separator)\(own)" } ?? own
    case (_, nil):
      return value
    case (_, _?):
      throw InputError("the catalogue knows no keys of \(variable)", hint: "see `heapscale list settings`")
    }
  }
}
