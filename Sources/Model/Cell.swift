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

  /// Whether it is a command of the user's.
  public var isCommand: Bool { arm != nil }

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

  /// Whether it is a command without anything preloaded: nothing is claimed of what serves malloc in it.
  public var isAsItIs: Bool { subject.isCommand && variant.linkage != .preload }

  /// What such a command is called by what served malloc in it: `as it is (jemalloc)`; nil for other cells, and where it
  /// is what the variant says, its C library's own.
  public func nameAsItIs(servedBy allocator: AllocatorID?) -> String? {
    guard isAsItIs, allocator != variant.allocator || !variant.usesLibcAllocator && variant.libc != .none
    else {
      return nil
    }
    return "as it is" + (allocator.map { " (\($0))" } ?? "")
  }

  /// A stable text that tells cells of a session apart, used as key in the store.
  public var key: String { "\(subject.description)|\(variant)|\(settings.name)" }
}
