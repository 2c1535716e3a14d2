/// What tables call a process: the name of its program's file, `nginx`, or what it calls itself, `nginx: worker`.
///
/// Servers write a title over their arguments ("nginx: worker process", "postgres: checkpointer"): one text that begins
/// with a name, a colon and a blank. Of it the name and the next word stay, so that workers of one kind, whose titles
/// may tell users, addresses and states, have one name.
public enum ProcessName {
  /// The name of a process by its program's file and its arguments as they stand in proc_pid_cmdline(5).
  ///
  /// Anything may stand in both: whoever shows the name escapes it. At most 64 characters; `?` when nothing is known.
  public static func of(path: String, arguments: [String]?) -> String {
    let name = arguments.flatMap(title) ?? file(path) ?? arguments?.first.flatMap(file) ?? "?"
    return String(name.prefix(longest))
  }

  private static let longest = 64

  /// The last part of a path. The kernel adds " (deleted)" when the file is gone (proc_pid_exe(5)).
  private static func file(_ path: String) -> String? {
    let path = path.hasSuffix(" (deleted)") ? path.dropLast(" (deleted)".count) : path[...]
    return path.split(separator: "/").last.map(String.init)
  }

  /// A title that the process gave itself.
  private static func title(_ arguments: [String]) -> String? {
    // The room of the other arguments and of the environment is left empty behind a title.
    guard let text = arguments.first, arguments.dropFirst().allSatisfy(\.isEmpty), !text.hasPrefix("/"),
      let colon = text.firstIndex(of: ":")
    else { return nil }
    let program = text[..<colon]
    let rest = text[text.index(after: colon)...]
    guard !program.isEmpty, !program.contains(" "), rest.first == " ",
      let word = rest.split(separator: " ").first
    else { return nil }
    return "\(program): \(word)"
  }
}

extension ProcessRecord {
  /// What tables call it: by the last image that ran in it.
  public var name: String { ProcessName.of(path: images.last?.path ?? "", arguments: arguments) }
}
