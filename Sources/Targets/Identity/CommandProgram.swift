import Glibc
import Model

/// The program behind a user's command: what the kernel really executes, and what can be preloaded into it.
public struct CommandProgram: Hashable, Sendable {
  /// The file that the command names, found along `PATH`.
  public let path: String
  /// The program that runs: the file itself, or the interpreter of a script.
  public let program: String
  /// Interpreters on the way, e.g. `/bin/sh` for a script.
  public let scripts: [String]
  /// Whether no dynamic linker is involved.
  public let isStatic: Bool
  /// The C library of its dynamic linker; nil when static or unknown.
  public let libc: Libc?
  /// The machine it is for, as `uname -m` says.
  public let machine: String
  /// Whether the program itself defines malloc, which comes before every preloaded one.
  public let definesMalloc: Bool
  /// Whether it runs as another user or group than its caller (set-user-ID, set-group-ID).
  public let changesIdentity: Bool
  /// Whether it only starts others that its arguments did not tell: a shell, or a launcher.
  public let startsOthers: Bool

  /// Finds and reads the program that a whole command is about: the one that its launchers start.
  ///
  /// `env`, `nice`, `tini`, `gosu` and their like only start the program that one of their arguments names; what takes a
  /// preload is that program. Throws: as `inspect(command:searchPath:)` for the command's first word.
  public static func inspect(arguments: [String], searchPath: String?) throws(TargetsError) -> CommandProgram
  {
    let folders = Self.searchPath(["PATH": searchPath ?? ""])
    var rest = arguments[...]
    var found = try inspect(command: rest.first ?? "", searchPath: searchPath)
    // A launcher may start another one: more than a few are no command that anybody means.
    for _ in 0..<8 {
      guard let child = Launchers.child(of: Array(rest), in: folders), let name = child.first,
        let inner = try? inspect(command: name, searchPath: searchPath)
      else { break }
      (rest, found) = (child, inner)
    }
    return found
  }

  /// Finds and reads the program of a command.
  ///
  /// `searchPath` is the value of `PATH`. Throws: `TargetsError.commandNotFound`, `notELF` for a file that the
  /// kernel could not execute either, `file` when it may not be executed or read.
  public static func inspect(command: String, searchPath: String?) throws(TargetsError) -> CommandProgram {
    let folders = Self.searchPath(["PATH": searchPath ?? ""])
    guard let path = find(command, in: folders) else {
      if command.contains("/"), Files.isFolder(command) {
        throw TargetsError.file(path: command, problem: "is a folder, not a program")
      }
      if command.contains("/"), Files.exists(command) {
        throw TargetsError.file(path: command, problem: "may not be executed; try chmod +x")
      }
      throw TargetsError.commandNotFound(
        command: command,
        searched: command.contains("/") ? "no such file" : "looked in \(folders.joined(separator: ":"))")
    }
    let (program, scripts) = try followScripts(path, folders)
    guard ELFFile.hasMagic(program) else {
      throw TargetsError.notELF(
        path: program, problem: "is neither a program nor a script that begins with #!")
    }
    let file = try ELFFile(path: program)
    return CommandProgram(
      path: path, program: program, scripts: scripts, isStatic: file.isStatic, libc: file.libc,
      machine: file.machine, definesMalloc: try file.exports("malloc"),
      changesIdentity: Files.changesIdentity(program),
      startsOthers: Launchers.contain(path) || Launchers.isShell(program))
  }

  /// Why preloading a glibc-built library into it is of no use; nil when it works.
  public var preloadObstacle: String? {
    // What they start may well take it; each trial tells.
    if startsOthers { return nil }
    let name = program == path ? path : "\(program), which runs \(path),"
    if isStatic {
      return "\(name) is a static program: no dynamic linker, so LD_PRELOAD has no effect on it"
    }
    if libc == .musl {
      return
        "\(name) runs on musl: the allocators here are built for glibc, and musl's dynamic linker cannot "
        + "load them"
    }
    if machine != Toolchains.machine {
      return "\(name) is built for \(machine), this machine is \(Toolchains.machine)"
    }
    if changesIdentity {
      return "\(name) is set-user-ID or set-group-ID: the dynamic linker ignores LD_PRELOAD (ld.so(8))"
    }
    if definesMalloc {
      return "\(name) brings its own malloc, which comes before every preloaded one"
    }
    return libc == nil ? "\(name) asks for an unknown dynamic linker" : nil
  }

  /// Whether a library for glibc that is preloaded gets into it, whatever serves malloc there.
  public var takesPreloads: Bool {
    !isStatic && libc == .glibc && machine == Toolchains.machine && !changesIdentity
  }

  /// Whether a program does little itself but start others: shells, and what changes a process before an exec.
  public static func startsOthers(_ path: String) -> Bool { launchers.contains(lastComponent(path)) }

  private static let launchers: Set = [
    "sh", "dash", "bash", "ash", "ksh", "mksh", "zsh", "fish", "busybox", "env", "nice", "ionice", "chrt",
    "taskset", "numactl", "nohup", "setsid", "stdbuf", "timeout", "time", "xargs", "setpriv", "runuser", "su",
    "sudo", "chroot", "unshare", "nsenter", "prlimit", "tini", "tini-static", "dumb-init", "gosu", "su-exec",
    "s6-setuidgid", "chpst", "catatonit", "true", "false", "sleep",
  ]

  /// A command by its path, or the first executable of the name in the folders.
  static func find(_ command: String, in folders: [String]) -> String? {
    guard !command.isEmpty else { return nil }
    if command.contains("/") { return Files.isExecutable(command) ? command : nil }
    return folders.map { "\($0)/\(command)" }.first(where: Files.isExecutable)
  }

  /// The folders of `PATH`; the system's usual ones when it is not set (execvp(3)).
  static func searchPath(_ environment: [String: String]) -> [String] {
    let text = environment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/bin:/usr/bin:/bin"
    return text.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
  }

  /// Follows `#!` lines. The kernel allows four scripts one after the other (BINPRM_MAX_RECURSION in exec.c).
  private static func followScripts(_ path: String, _ folders: [String]) throws(TargetsError)
    -> (program: String, scripts: [String])
  {
    var program = path
    var scripts: [String] = []
    while let words = try shebang(program) {
      guard scripts.count < 5, let first = words.first else {
        throw TargetsError.notELF(path: path, problem: "names interpreters without end after #!")
      }
      scripts.append(first)
      program = first
      // `#!/usr/bin/env NAME` runs NAME of PATH; -S and assignments come before it.
      if lastComponent(first) == "env",
        let name = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }),
        let found = find(name, in: folders)
      {
        program = found
        scripts.append(found)
      }
    }
    return (program, scripts)
  }

  /// The words after `#!`; nil when the file is no script.
  private static func shebang(_ path: String) throws(TargetsError) -> [String]? {
    let start = try Files.read(path, limit: 256)
    guard start.starts(with: [0x23, 0x21]) else { return nil }
    let line = start.dropFirst(2).prefix { $0 != 0x0A }
    return String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
