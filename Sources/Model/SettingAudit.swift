/// What became of one setting in one process: the verdict, and what proves it.
public struct SettingAudit: Hashable, Codable, Sendable {
  /// The environment variable.
  public var variable: String
  /// The key within it; nil when the variable is the setting.
  public var key: String?
  /// The value that was asked for.
  public var value: String
  /// What became of it.
  public var verdict: SettingVerdict
  /// The verdict in words where it says more than its name: `overridden by tcache_max`.
  public var outcome: String?
  /// What was seen, in words: the read-back, what the program said, or why nothing can tell.
  public var evidence: String
  /// The value that was read back with the setting; nil when nothing could be read.
  public var readback: String?
  /// The value that the same program reads back without the setting.
  public var baseline: String?

  /// States what became of a setting.
  public init(
    variable: String, key: String?, value: String, verdict: SettingVerdict, evidence: String,
    readback: String? = nil, baseline: String? = nil, outcome: String? = nil
  ) {
    self.variable = variable
    self.key = key
    self.value = value
    self.verdict = verdict
    self.evidence = evidence
    self.readback = readback
    self.baseline = baseline
    self.outcome = outcome
  }

  /// The setting as the user knows it: `MALLOC_CONF narenas`, or `GOGC`.
  public var name: String { key.map { "\(variable) \($0)" } ?? variable }
}

/// The audit of one settings set in one variant, made once before the trials and stored with the session.
public struct AuditRecord: Hashable, Codable, Sendable {
  /// Which variant.
  public var variant: Variant
  /// The name of the settings set.
  public var settings: String
  /// The arm when the program is a user's command; nil for workloads, which share one audit.
  public var arm: String?
  /// What was audited: the program whose answers these are, in a few words.
  public var process: String
  /// One entry for each setting of the set, in its order.
  public var entries: [SettingAudit]
  /// What sets the allocator besides the environment, with the set and without it: a file of the system, or strings
  /// that are compiled in; nil in sessions of versions that did not look.
  public var sources: [String]?

  /// States an audit.
  public init(
    variant: Variant, settings: String, arm: String? = nil, process: String, entries: [SettingAudit],
    sources: [String]? = nil
  ) {
    self.variant = variant
    self.settings = settings
    self.arm = arm
    self.process = process
    self.entries = entries
    self.sources = sources
  }

  /// Whether it speaks about a cell.
  public func covers(_ cell: Cell) -> Bool {
    variant == cell.variant && settings == cell.settings.name && arm == cell.subject.arm
  }
}

extension SettingVerdict {
  /// Whether the setting is in force as it was asked for.
  public var isInForce: Bool { self == .accepted || self == .alreadyDefault }

  /// Whether `--strict` refuses to run with it: it does nothing, was refused, or means something else.
  public var failsStrict: Bool {
    switch self {
    case .accepted, .acceptedClamped, .alreadyDefault, .unverifiable: false
    case .rejectedUnknown, .rejectedValue, .misparsed, .acceptedNoEffect, .inert, .fatal: true
    }
  }
}
