/// One way to learn what became of a setting. The audit tries those of a setting in their order.
public enum SettingReadBack: Hashable, Sendable, CustomStringConvertible {
  /// jemalloc's `mallctl` by this name; `opt.*` also stands in the JSON of `stats_print`.
  case mallctl(String)
  /// A number of gperftools' `MallocExtension_GetNumericProperty`.
  case property(String)
  /// A flag of gperftools, which is an exported variable.
  case flag(GperftoolsFlag)
  /// A line of the list of options that mimalloc prints with `MIMALLOC_VERBOSE=1`.
  case verboseOption(String)
  /// A line of `ld.so --list-tunables`: what was parsed, not what malloc made of it.
  case tunable(String)
  /// What malloc does, seen from outside.
  case probe(SettingProbe)
  /// Words that the allocator prints when the setting acts.
  case output(String)
  /// A field of a file in the process's folder of `/proc`, written `status THP_enabled`.
  case process(file: String, field: String)
  /// A sample of Go's package runtime/metrics.
  case runtimeMetric(String)
  /// A field of the Go runtime's variable `runtime.debug`, or another variable of it by its whole name, found by the
  /// program's debug information.
  case runtimeDebug(String)
  /// A line of a Go program's build information.
  case buildInformation(String)
  /// The allocator complains about keys and values that it does not take, and did not about this one.
  case noComplaint

  /// The words that stand for the ways in an allocator's file.
  public static let kinds = [
    "mallctl", "property", "flag", "verbose", "tunable", "probe", "output", "process", "metric", "debug",
    "build-info", "no-complaint",
  ]

  /// Reads the written form: the kind, a blank, and its argument, e.g. `mallctl opt.narenas`.
  ///
  /// Throws: `InputError` that names the part that is wrong.
  public init(parsing text: String) throws(InputError) {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    let kind = parts.first ?? ""
    guard SettingReadBack.kinds.contains(kind) else {
      throw InputError.unknown("kind of read-back", kind, among: SettingReadBack.kinds)
    }
    let argument = parts.count == 2 ? parts[1] : ""
    guard argument.isEmpty == (kind == "no-complaint") else {
      throw InputError("read-back '\(text)': '\(kind)' takes \(argument.isEmpty ? "an" : "no") argument")
    }
    switch kind {
    case "mallctl": self = .mallctl(argument)
    case "property": self = .property(argument)
    case "flag": self = .flag(try GperftoolsFlag(parsing: argument))
    case "verbose": self = .verboseOption(argument)
    case "tunable": self = .tunable(argument)
    case "probe": self = .probe(try SettingProbe(parsing: argument))
    case "output": self = .output(argument)
    case "process": self = try SettingReadBack.process(argument)
    case "metric": self = .runtimeMetric(argument)
    case "debug": self = .runtimeDebug(argument)
    case "build-info": self = .buildInformation(argument)
    default: self = .noComplaint
    }
  }

  private static func process(_ text: String) throws(InputError) -> SettingReadBack {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 2 else {
      throw InputError("read-back 'process \(text)' is not of the form 'process FILE FIELD'")
    }
    return .process(file: parts[0], field: parts[1])
  }

  /// The written form.
  public var description: String {
    switch self {
    case .mallctl(let name): "mallctl \(name)"
    case .property(let name): "property \(name)"
    case .flag(let flag): "flag \(flag)"
    case .verboseOption(let name): "verbose \(name)"
    case .tunable(let name): "tunable \(name)"
    case .probe(let probe): "probe \(probe.rawValue)"
    case .output(let words): "output \(words)"
    case .process(let file, let field): "process \(file) \(field)"
    case .runtimeMetric(let name): "metric \(name)"
    case .runtimeDebug(let field): "debug \(field)"
    case .buildInformation(let line): "build-info \(line)"
    case .noComplaint: "no-complaint"
    }
  }
}

/// A flag of gperftools, e.g. `double tcmalloc_release_rate`.
public struct GperftoolsFlag: Hashable, Sendable, CustomStringConvertible {
  /// Its type, which is part of its symbol.
  public enum Kind: String, Sendable, CaseIterable {
    case bool, double, int32, int64
  }

  /// How its value lies in memory.
  public let kind: Kind
  /// Its name without `FLAGS_`.
  public let name: String

  /// Reads the written form: the type, a blank, the name.
  ///
  /// Throws: `InputError` that names the part that is wrong.
  public init(parsing text: String) throws(InputError) {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 2 else {
      throw InputError("flag '\(text)' is not of the form 'TYPE NAME'", hint: "e.g. bool malloc_skip_sbrk")
    }
    guard let kind = Kind(rawValue: parts[0]) else {
      throw InputError.unknown("type of a flag", parts[0], among: Kind.allCases.map(\.rawValue))
    }
    self.kind = kind
    name = parts[1]
  }

  /// The exported symbol: gperftools keeps flags in a namespace whose name holds the type (commandlineflags.h).
  public var symbol: String {
    let namespace = "FLAG__namespace_do_not_use_directly_use_DECLARE_\(kind.rawValue)_instead"
    let variable = "FLAGS_\(name)"
    return "_ZN\(namespace.utf8.count)\(namespace)\(variable.utf8.count)\(variable)E"
  }

  /// The written form.
  public var description: String { "\(kind.rawValue) \(name)" }
}
