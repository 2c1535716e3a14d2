import Model

extension SettingVerdict {
  /// The verdict as people read it, close to its stable name.
  var words: String {
    switch self {
    case .accepted: "accepted"
    case .acceptedClamped: "accepted, clamped"
    case .alreadyDefault: "already the default"
    case .rejectedUnknown: "rejected, unknown key"
    case .rejectedValue: "rejected value"
    case .misparsed: "misparsed"
    case .acceptedNoEffect: "accepted, no effect"
    case .inert: "inert"
    case .fatal: "fatal"
    case .unverifiable: "unverifiable"
    }
  }

  /// The verdict in one column, for places where names of settings stand close together.
  var sign: String {
    switch self {
    case .accepted: "✓"
    case .alreadyDefault: "="
    case .acceptedClamped: "~"
    case .inert, .acceptedNoEffect: "∅"
    case .rejectedUnknown, .rejectedValue, .misparsed, .fatal: "✗"
    case .unverifiable: "·"
    }
  }

  /// What the signs mean, in the order of a legend.
  static let signMeanings: [(sign: String, text: String)] = [
    ("✓", "it is in force as asked for"),
    ("=", "it is in force, and would be without asking"),
    ("~", "it is in force with another value: moved into its range, or rounded"),
    ("∅", "it does nothing: the process does not read it, or something overrides it"),
    ("✗", "it was refused, read as something else, or ends the program"),
    ("·", "nothing can tell what became of it"),
  ]

  /// Whether it can have changed anything: not what is refused, unread, overridden or the default anyway.
  var canAct: Bool {
    switch self {
    case .accepted, .acceptedClamped, .misparsed, .fatal, .unverifiable: true
    case .alreadyDefault, .rejectedUnknown, .rejectedValue, .acceptedNoEffect, .inert: false
    }
  }

  /// Whether it may do harm that nobody asked for: the value became another, or the program dies of it.
  var isGrave: Bool { self == .misparsed || self == .fatal }
}

extension SettingAudit {
  /// What was asked for: `MALLOC_CONF narenas=1`, `GOGC=50`.
  var request: String { "\(name)=\(value)" }

  /// What became of it, as people read it.
  var verdictWords: String { outcome ?? verdict.words }
}
