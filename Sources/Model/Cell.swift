/// What a trial executes.
public enum Subject: Hashable, Codable, Sendable {
  /// A workload of ours with all its parameters.
  case workload(id: String, parameters: [Parameter])
  /// The user's own command; `arm` is its name in comparisons.
  case command(arm: String, arguments: [String])

  /// The workload's id, or `command`.
  public var workload: String {
    switch self {
    case .workload(let id, _): id
    case .command: "command"
    }
  }

  /// The name of the arm when it is a command.
  public var arm: String? {
    if case .command(let arm, _) = self { arm } else { nil }
  }

  /// The workload's parameters; none for a command.
  public var parameters: [Parameter] {
    if case .workload(_, let parameters) = self { parameters } else { [] }
  }

  /// The written form: `larson:threads=4,seed=1`, or `command:NAME`.
  public var description: String {
    switch self {
    case .workload(let id, let parameters):
      id + (parameters.isEmpty ? "" : ":")
        + parameters.map(\.description).joined(separator: ",")
    case .command(let arm, _): "command:\(arm)"
    }
  }
}

/// workload with parameters × variant × settings: the thing that is measured, again and again.
public struct Cell: Hashable, Codable, Sendable {
  /// What is executed.
  public let subject: Subject
  /// What it is built as, or what is preloaded into it.
  public let variant: Variant
  /// Its environment.
  public let settings: SettingsSet

  /// Puts a cell together.
  public init(subject: Subject, variant: Variant, settings: SettingsSet) {
    self.subject = subject
    self.variant = variant
    self.settings = settings
  }

  /// A stable text that tells cells of a session apart, used as key in the store.
  public var key: String { "\(subject.description)|\(variant)|\(settings.name)" }
}
