import Model

/// What a program is asked in order to audit some settings.
struct AuditRequests {
  /// A question whose answer disturbs others: it has a process of its own.
  struct Behavioural {
    let probe: SettingProbe
    let asked: Int64

    var text: String { "probe \(probe.rawValue) \(asked)" }

    /// The heap keeps at least its padding: without it the trim threshold shows below that too.
    func environment(besides: [EnvironmentAssignment]) -> [EnvironmentAssignment] {
      let isSet = besides.contains { $0.variable == "MALLOC_TOP_PAD_" || $0.value.contains("top_pad") }
      return probe == .trim && !isSet ? [EnvironmentAssignment(variable: "MALLOC_TOP_PAD_", value: "0")] : []
    }
  }

  private(set) var plain: [String] = []
  private(set) var behavioural: [Behavioural] = []
  private(set) var needsTunables = false

  /// All values of what is in the process are asked for, so that a key that acts on another one is noticed; what
  /// takes work only for the settings themselves.
  init(settings: [AuditedSetting], present: [AllocatorSpec]) {
    for setting in settings {
      needsTunables = needsTunables || setting.variable == "GLIBC_TUNABLES"
      for readBack in setting.spec?.readBack ?? [] { add(readBack, asked: CNumber.leading(setting.value)) }
    }
    for readBack in present.flatMap(\.settings.settings).flatMap(\.readBack) {
      switch readBack {
      case .mallctl, .property, .runtimeMetric: add(readBack, asked: 0)
      default: break
      }
    }
  }

  private mutating func add(_ readBack: SettingReadBack, asked: Int64) {
    switch readBack {
    case .mallctl, .property, .process, .runtimeMetric:
      if !plain.contains(readBack.description) { plain.append(readBack.description) }
    case .probe(let probe): behavioural.append(Behavioural(probe: probe, asked: asked))
    case .tunable: needsTunables = true
    default: break
    }
  }
}

extension AuditedSetting {
  /// The catalogue's description of it, whether or not it is in the process.
  var spec: SettingSpec? {
    switch owner {
    case .known(let spec, _): spec
    case .unknownVariable(_, let spec), .foreign(_, let spec): spec
    case .unknownKey, .unheardOf: nil
    }
  }
}

extension SettingSpec {
  /// Whether what malloc does tells its value.
  var isWatched: Bool { readBack.contains { if case .probe = $0 { true } else { false } } }
}
