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
  /// What a value amounts to where the allocator uses another one that follows from it: a class, or a multiple.
  public var steps: SettingSteps?
  /// The words it takes; of a boolean the one for on, then the one for off.
  public var choices: [String]
  /// What the value that is read back is, where it is another unit than what is written.
  public var shownAs: SettingType?
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
  /// What tells whether it is still in force in a process that was forked; nil where a fork changes nothing.
  public var afterFork: SettingReadBack?
  /// Where it bites.
  public var pitfalls: [SettingPitfall]
  /// How we know.
  public var basis: SettingBasis

  /// Describes a setting.
  public init(
    variable: String, key: String? = nil, form: SettingForm = .value, aliases: [String] = [],
    type: SettingType, range: SettingRange = .init(), clamped: SettingRange = .init(),
    steps: SettingSteps? = nil, choices: [String] = [], shownAs: SettingType? = nil, defaultValue: String,
    effect: String,
    readBack: [SettingReadBack] = [], always: SettingVerdict? = nil, worksWith: [String] = [],
    afterFork: SettingReadBack? = nil, pitfalls: [SettingPitfall] = [], basis: SettingBasis = .tested
  ) {
    self.variable = variable
    self.key = key
    self.form = form
    self.aliases = aliases
    self.type = type
    self.range = range
    self.clamped = clamped
    self.steps = steps
    self.choices = choices
    self.shownAs = shownAs
    self.defaultValue = defaultValue
    self.effect = effect
    self.readBack = readBack
    self.always = always
    self.worksWith = worksWith
    self.afterFork = afterFork
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
  /// Values read back in which it happens, whatever was written; without bounds when it is not about them.
  public var read: SettingRange
  /// What happens, in words.
  public var text: String

  /// States a mistake.
  public init(
    _ text: String, value: String? = nil, verdict: SettingVerdict? = nil, read: SettingRange = .init()
  ) {
    self.text = text
    self.value = value
    self.verdict = verdict
    self.read = read
  }
}

/// Words with which an allocator answers a setting that it does not take.
public struct SettingComplaint: Hashable, Sendable {
  /// The words, with `{key}`, `{value}` and `{name}` (the variable in lower case) in the place of what was set.
  public var text: String
  /// What they mean.
  public var verdict: SettingVerdict

  /// Whether the words say which setting they are about.
  public var isNamed: Bool { ["{key}", "{value}", "{name}"].contains { text.contains($0) } }

  /// States a complaint.
  public init(text: String, verdict: SettingVerdict) {
    self.text = text
    self.verdict = verdict
  }
}

/// Something besides the environment from which an allocator takes settings.
public struct SettingSource: Hashable, Sendable {
  /// What the process is asked for it: `symbol NAME`, `link PATH`, or a read-back.
  public var request: String
  /// What it is, in words.
  public var text: String

  /// States a source.
  public init(request: String, text: String) {
    self.request = request
    self.text = text
  }
}

/// How an allocator takes a value that is not written as it expects.
public enum SettingParsing: String, Sendable, CaseIterable {
  /// It refuses it and keeps the default.
  case strict
  /// It takes the number at its beginning, and 0 or off where there is none, as strtol(3) does.
  case lenient
}

/// How an allocator reads the unit behind a size.
public enum SizeSuffixes: String, Sendable, CaseIterable {
  /// As people write them: `64KiB`, `64K`; what it takes of them shows in the value read back.
  case usual
  /// In any case, and all of them powers of 1024: `512m`, `512MB`, `512mib` (mimalloc).
  case binary
}

/// All settings of an allocator.
public struct SettingTable: Hashable, Sendable {
  /// What holds for all of them: how values are parsed, what an unknown key leads to.
  public var notes: [String]
  /// The settings in the order of the file.
  public var settings: [SettingSpec]
  /// How values are taken that are not written as expected.
  public var parsing: SettingParsing
  /// How units behind sizes are read.
  public var suffixes: SizeSuffixes
  /// What is added to the environment of an audited process, so that the allocator tells what it read; a value
  /// that begins with a list's separator is added to the list.
  public var auditEnvironment: [EnvironmentAssignment]
  /// What it says when it does not take a setting.
  public var complaints: [SettingComplaint]
  /// From where it takes settings besides the environment.
  public var sources: [SettingSource]

  /// Puts a table together.
  public init(
    notes: [String] = [], settings: [SettingSpec] = [], parsing: SettingParsing = .strict,
    suffixes: SizeSuffixes = .usual, auditEnvironment: [EnvironmentAssignment] = [],
    complaints: [SettingComplaint] = [],
    sources: [SettingSource] = []
  ) {
    self.notes = notes
    self.settings = settings
    self.parsing = parsing
    self.suffixes = suffixes
    self.auditEnvironment = auditEnvironment
    self.complaints = complaints
    self.sources = sources
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
      settings: other.settings.filter { setting(variable: $0.variable, key: $0.key) == nil } + settings,
      parsing: other.parsing, suffixes: other.suffixes,
      auditEnvironment: auditEnvironment + other.auditEnvironment,
      complaints: complaints + other.complaints, sources: sources + other.sources)
  }

  /// How a variable holds its settings; nil when no setting here uses it.
  public func form(of variable: String) -> SettingForm? {
    settings.first { $0.variable == variable }?.form
      ?? (settings.contains { $0.aliases.contains(variable) } ? .value : nil)
  }
}
