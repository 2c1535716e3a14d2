import Foundation
import Glibc
import Model
import Probes
import Targets

/// Finds out what the figures of a session depend on: when it begins, at the first trial of each cell, and again
/// before it goes on.
public struct ExperimentIdentity: Sendable {
  private let builder: Builder
  private let plan: Plan
  private let cells: [PreparedCell]
  /// The session's name: the same value has another digest in every session.
  private let salt: String

  /// Prepares for one session.
  public init(builder: Builder, plan: Plan, cells: [PreparedCell], session: String) {
    self.builder = builder
    self.plan = plan
    self.cells = cells
    salt = session
  }

  /// Variables that a terminal or a login makes, and that differ between two of them on the same machine.
  static let ofTerminals = [
    "_", "SHLVL", "PWD", "OLDPWD", "TERM", "TERM_*", "COLORTERM", "COLUMNS", "LINES", "WINDOWID", "TTY",
    "SSH_*", "XDG_SESSION_*",
    "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "STY", "TMUX", "TMUX_*", "GPG_TTY", "INVOCATION_ID",
    "JOURNAL_STREAM",
    TargetEnvironment.pad,
  ]

  /// Facts of the machine that a figure depends on and that stay as they are.
  private static let ofMachine: Set<String> = [
    "cpu_model", "architecture", "cores", "memory_bytes", "page_bytes", "kernel", "distribution", "libc",
    "thp", "governor",
    "randomize_va_space", "overcommit", "user",
  ]

  /// A file beyond that is known by its size and the time of its last change.
  private static let mostDigested: Int64 = 256 << 20
  /// So many files named by arguments are looked at.
  private static let mostArguments = 256

  /// Everything that can be known before the first trial.
  ///
  /// Throws: `TargetsError` when a program or library cannot be read.
  public func facts(version: String) async throws -> [ExperimentFact] {
    var facts = [ExperimentFact(kind: .harness, name: "heapscale's version", value: version)]
    facts += try await files(
      [("heapscale's launcher", try await builder.launcher())] + programs() + arguments(), kind: .file)
    facts += variables()
    facts += HostFacts.read().filter { Self.ofMachine.contains($0.name) }
      .map { ExperimentFact(kind: .machine, name: $0.name, value: $0.value) }
    return facts
  }

  /// The programs and libraries among the files that were mapped in a trial.
  public func mapped(_ paths: [String]) async throws -> [ExperimentFact] {
    let code = Set(paths).filter { RegularFile(path: $0)?.isELF == true }.sorted()
    return try await files(code.map { ($0, $0) }, kind: .mapped)
  }

  /// The same facts of the same files as they are now; those that are gone are left out.
  public func again(_ facts: [ExperimentFact]) async throws -> [ExperimentFact] {
    try await mapped(facts.filter { $0.kind == .mapped }.map(\.name))
  }

  /// The programs of the cells by their roles: a program that is built anew stands under another name.
  private func programs() -> [(String, String)] {
    var result: [(String, String)] = []
    for cell in cells {
      let place = [cell.cell.subject.arm ?? cell.cell.subject.description, "\(cell.cell.variant)"].joined(
        separator: " on ")
      let role = "the program of \(place)"
      guard !result.contains(where: { $0.0 == role }) else { continue }
      result.append((role, cell.launch.executable))
      if cell.cell.variant.linkage == .preload, let library = cell.launch.environment["LD_PRELOAD"] {
        result.append(("the library preloaded for \(place)", library))
      }
    }
    return result
  }

  /// Regular files that arguments of commands name: scripts, inputs. Of a shell line, every word is looked at.
  private func arguments() -> [(String, String)] {
    var result: [String] = []
    for cell in cells where cell.cell.subject.isCommand {
      let folder = cell.launch.directory ?? FileManager.default.currentDirectoryPath
      for argument in cell.launch.arguments.dropFirst() {
        let words = argument.split { " \t\n;&|()<>'\"=`$".contains($0) }.map(String.init)
        for word in [argument] + words where !word.isEmpty && word.utf8.count < 4096 {
          let path = word.hasPrefix("/") ? word : folder + "/" + word
          if RegularFile(path: path) != nil, !result.contains(path), result.count < Self.mostArguments {
            result.append(path)
          }
        }
      }
    }
    return result.map { ($0, $0) }
  }

  /// The environment of commands without what a cell's settings set, as digests.
  private func variables() -> [ExperimentFact] {
    var values: [String: String] = [:]
    for cell in cells where cell.cell.subject.isCommand {
      let own = Set(cell.cell.settings.environment.map(\.variable) + ["LD_PRELOAD"])
      for (name, value) in cell.launch.environment where !own.contains(name) { values[name] = value }
    }
    return values.keys.sorted().filter { name in
      !Self.ofTerminals.contains { TargetEnvironment.matches(name, $0) }
    }.map { name in
      let digest = SHA256.hexadecimal("\(salt)\0\(name)\0\(values[name] ?? "")")
      return ExperimentFact(kind: .variable, name: name, value: digest)
    }
  }

  private func files(
    _ files: [(name: String, path: String)], kind: ExperimentFact.Kind
  ) async throws -> [ExperimentFact] {
    let found = files.compactMap { file in RegularFile(path: file.path).map { (file.name, file.path, $0) } }
    let small = found.filter { $0.2.size <= Self.mostDigested }
    let digests = small.isEmpty ? [] : try await builder.digests(of: small.map(\.1))
    let known = Dictionary(zip(small.map(\.1), digests), uniquingKeysWith: { first, _ in first })
    return found.map { name, path, file in
      ExperimentFact(kind: kind, name: name, value: known[path] ?? file.stamp)
    }
  }
}

/// A regular file, looked at without opening anything else: a FIFO or a device may wait for ever.
private struct RegularFile {
  let path: String
  let size: Int64
  let stamp: String

  init?(path: String) {
    var status = Glibc.stat()
    guard ByteText.withCString(path, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    self.path = path
    size = Int64(status.st_size)
    stamp = "\(status.st_size) bytes of \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// Whether it begins as an ELF file does (elf(5)).
  var isELF: Bool {
    let descriptor = ByteText.withCString(path) { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var magic = [UInt8](repeating: 0, count: 4)
    return pread(descriptor, &magic, 4, 0) == 4 && magic == [0x7f, 0x45, 0x4c, 0x46]
  }
}
