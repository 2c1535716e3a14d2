import Model

/// A read-back with what it showed with the setting and without it.
struct AuditAnswer {
  static let silent = "not printed"
  let readBack: SettingReadBack
  let shown: String
  let baseline: String

  static func printed(_ rest: String) -> String { rest.isEmpty ? "printed" : rest }

  /// `opt.narenas: 1 (without it: 8)`.
  var words: String {
    "\(readBack.words): \(shown) (without it: \(shown == baseline ? "the same" : baseline))"
  }
}

extension SettingReadBack {
  /// What an answer of this kind says.
  enum Kind {
    /// The value that is in force.
    case value
    /// Something that the setting changes.
    case effect
    /// What was parsed, before the allocator looked at it.
    case parsed
    /// What setting it changes besides, whatever its value.
    case consequence
  }

  var kind: Kind {
    switch self {
    case .process, .output, .probe(.threads), .probe(.invalidFree), .noComplaint: .effect
    case .tunable: .parsed
    case .probe(.thresholds): .consequence
    default: .value
    }
  }

  /// Whether it is one of a list of all settings.
  var isListed: Bool { if case .verboseOption = self { true } else { false } }

  /// What is read, in words for people.
  var words: String {
    switch self {
    case .mallctl(let name), .property(let name), .runtimeMetric(let name): name
    case .flag(let flag): "FLAGS_\(flag.name)"
    case .verboseOption(let name): "option '\(name)'"
    case .tunable(let name): "ld.so --list-tunables, \(name)"
    case .probe(let probe): probe.words
    case .output(let words): "the line '\(words)'"
    case .process(let file, let field): "\(field) of /proc/PID/\(file)"
    case .runtimeDebug(let field): field.hasPrefix("runtime.") ? field : "runtime.debug.\(field)"
    case .buildInformation(let line): "\(line) of the build information"
    case .noComplaint: "a complaint"
    }
  }
}

extension SettingProbe {
  /// What was counted or found, in words for people.
  var words: String {
    switch self {
    case .arenas: "the number of arenas under many threads"
    case .mmapThreshold: "the size from which requests are mapped"
    case .thresholds: "whether the thresholds grow with what is freed"
    case .mmapCount: "the number of blocks that are mapped at a time"
    case .trim: "the size of the heap's top when it went back"
    case .topPad: "what the heap grows beyond a request"
    case .fill: "what a fresh block is filled with"
    case .threadCacheCount: "the number of freed blocks that a thread keeps"
    case .threadCacheSize: "the largest size that a thread keeps"
    case .fastBins: "the largest size in a fast bin"
    case .invalidFree: "damage behind a block that is noticed"
    case .threads: "the number of threads"
    }
  }
}
