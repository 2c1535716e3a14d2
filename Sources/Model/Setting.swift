/// A setting of an allocator or of the Go runtime, as the allocator's file describes it.
public struct SettingSpec: Hashable, Sendable {
  /// The environment variable that holds it.
  public var variable: String
  /// Its key in that variable; nil when the variable is the setting.
  public var key: String?
  /// How the variable holds it.
  public var form: SettingForm
  /// Other variables that set the same, each in the plain form; later versions may drop them.
  public var aliases: [String]
  /// What its value is.
  public var type: SettingType
  /// What is taken: values outside are refused.
  public var range: SettingRange
  /// What is used: values outside are silently moved to the nearest bound.
  public var clamped: SettingRange
  /// The words it takes; of a boolean the one for on, then the one for off.
  public var choices: [String]
  /// The value without the setting, in its written form or in words.
  public var defaultValue: String
  /// What it does, in a sentence.
  public var effect: String
  /// How to learn what became of it, best first; empty when nothing tells.
  public var readBack: [SettingReadBack]
  /// The verdict that every value gets, e.g. `rejected-unknown` for a key that was removed.
  public var always: SettingVerdict?
  /// The `libc/linkage` pairs in which it acts; empty for all in which the allocator comes.
  public var worksWith: [String]
  /// Where it bites.
  public var pitfalls: [SettingPitfall]
  /// How we know.
  public var basis: SettingBasis

  /// Describes a setting.
  public init(
    variable: String, key: String? = nil, form: SettingForm = .value, aliases: [String] = [],
    type: SettingType, range: SettingRange = .init(), clamped: SettingRange = .init(),
    choices: [String] = [], defaultValue: String, effect: String, readBack: [SettingReadBack] = [],
    always: SettingVerdict? = nil, worksWith: [String] = [], pitfalls: [SettingPitfall] = [],
    basis: SettingBasis = .tested
  ) {
    self.variable = variable
    self.key = key
    self.form = form
    self.aliases = aliases
    self.type = type
    self.range = range
    self.clamped = clamped
    self.choices = choices
    self.defaultValue = defaultValue
    self.effect = effect
    self.readBack = readBack
    self.always = always
    self.worksWith = worksWith
    self.pitfalls = pitfalls
    self.basis = basis
  }

  /// Its name within the allocator: the key, or the variable where there is none.
  public var name: String { key ?? variable }

  /// The assignment that gives just this setting a value.
  public func assignment(_ value: String) -> EnvironmentAssignment {
    EnvironmentAssignment(variable: variable, value: form.text(key: key, value: value))
  }

  /// Whether it acts in a variant of its allocator.
  public func acts(in variant: Variant) -> Bool {
    worksWith.isEmpty || worksWith.contains("\(variant.libc.rawValue)/\(variant.linkage.rawValue)")
  }
}

/// A mistake that a setting invites.
public struct SettingPitfall: Hashable, Sendable {
  /// The value that is treated unexpectedly, where it is a certain one.
  public var value: String?
  /// What becomes of that value.
  public var verdict: SettingVerdict?
  /// What happens, in words.
  public var text: String

  /// States a mistake.
  public init(_ text: String, value: String? = nil, verdict: SettingVerdict? = nil) {
    self.text = text
    self.value = value
    self.verdict = verdict
  }
}

/// All settings of an allocator.
public struct SettingTable: Hashable, Sendable {
  /// What holds for all of them: how values are parsed, what an unknown key leads to.
  public var notes: [String]
  /// The settings in the order of the file.
  public var settings: [SettingSpec]

  /// Puts a table together.
  public init(notes: [String] = [], settings: [SettingSpec] = []) {
    self.notes = notes
    self.settings = settings
  }

  /// The setting that a variable, and a key in it, stands for; nil when there is none.
  public func setting(variable: String, key: String? = nil) -> SettingSpec? {
    settings.first { $0.variable == variable && $0.key == key }
      ?? settings.first { key == nil && $0.aliases.contains(variable) }
  }

  /// The same table with the notes and settings of another one that are not in it already.
  public func adding(_ other: SettingTable) -> SettingTable {
    SettingTable(
      notes: notes + other.notes.filter { !notes.contains($0) },
      settings: other.settings.filter { setting(variable: $0.variable, key: $0.key) == nil } + settings)
  }

  /// How a variable holds its settings; nil when no setting here uses it.
  public func form(of variable: String) -> SettingForm? {
    settings.first { $0.variable == variable }?.form
      ?? (settings.contains { $0.aliases.contains(variable) } ? .value : nil)
  }
}
