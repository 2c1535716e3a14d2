import Model

/// Programs that only start another one: what they hold themselves is not what is measured.
///
/// Some stay as the parent (tini, timeout), some become the other program (env, gosu). Several are static and so take no
/// preload, which is no reason to refuse the program that they start.
public enum Launchers {
  /// Names of programs that start the program that one of their arguments names.
  static let names: Set<String> = [
    "busybox", "catatonit", "catchsegv", "chpst", "chroot", "chrt", "docker-init", "doas", "dumb-init", "env",
    "fakeroot", "flock", "gosu", "ionice", "nice", "nocache", "nohup", "nsenter", "numactl", "prlimit",
    "runuser",
    "s6-setuidgid", "script", "setarch", "setpriv", "setsid", "setuidgid", "stdbuf", "su-exec", "sudo",
    "systemd-run",
    "taskset", "time", "timeout", "tini", "tini-static", "unbuffer", "unshare", "xargs",
  ]

  /// Shells, which run any number of programs.
  static let shells: Set<String> = [
    "ash", "bash", "busybox", "dash", "fish", "ksh", "mksh", "sh", "yash", "zsh",
  ]

  /// Whether a program by its path only starts others.
  public static func contain(_ path: String) -> Bool {
    let name = lastComponent(path)
    return names.contains(name) || shells.contains(name)
  }

  /// Whether it is a shell.
  static func isShell(_ path: String) -> Bool { shells.contains(lastComponent(path)) }

  /// The command that a launcher's arguments name: the first of them that is a program, with those behind it; nil when
  /// none is.
  ///
  /// Options, assignments and numbers are passed over, so that `nice -n 5 ./app` and `env A=b ./app` lead to the program;
  /// a word that is a user's name and no program (`gosu app ./app`) does as well.
  static func child(of arguments: [String], in folders: [String]) -> ArraySlice<String>? {
    guard let first = arguments.first, names.contains(lastComponent(first)) else { return nil }
    let rest = arguments.dropFirst()
    let start = rest.indices.first { index in
      let word = rest[index]
      guard !word.isEmpty, !word.hasPrefix("-"), word.contains("/") || !word.contains("=") else {
        return false
      }
      return CommandProgram.find(word, in: folders) != nil && !Files.isFolder(word)
    }
    return start.map { rest[$0...] }
  }
}
