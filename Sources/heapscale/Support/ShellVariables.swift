import Experiments

/// What is said of variables of the user's shell that act on the allocators of a command.
enum ShellVariables {
  /// The sentence; nil when nothing reads any of them.
  static func sentence(_ readers: [(assignment: String, reader: String)], areKept: Bool, hint: String)
    -> String?
  {
    guard !readers.isEmpty else { return nil }
    let names = readers.map { "\($0.assignment) (\($0.reader) reads it)" }.joined(separator: ", ")
    return areKept
      ? "variables of your shell act on the commands: \(names)"
      : "variables of your shell that would act on the commands were cleared: \(names); \(hint)"
  }
}
