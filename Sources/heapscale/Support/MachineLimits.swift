import CLinux
import Glibc

/// Whether this process may take what heapscale cannot do without.
///
/// Swift's runtime traps where memory is refused, and libdispatch waits for ever for a thread that it cannot have: what
/// would fail somewhere is asked for before anything is begun.
enum MachineLimits {
  /// One limit: what is there, what is needed, and what sets it.
  struct Need {
    var name: String
    var found: UInt64
    var needed: UInt64
    var remedy: String

    var sentence: String? {
      guard found < needed else { return nil }
      return "\(name): there is room for \(found), and heapscale needs \(needed); \(remedy)"
    }
  }

  /// The standard streams, the store with its journal, the launcher's socket, a trial's pipes and the files of a tree
  /// that is read; a profile opens more on machines with many CPUs, and says so itself.
  private static let descriptors: Int32 = 40
  /// Swift's pool, the measuring thread, the launcher with its guardian and the program.
  private static let threads: Int32 = 12
  private static let mebibytes: UInt64 = 512

  /// The sentences of what is missing, tried out: several limits bound each.
  static func missing() -> [String] {
    let needs = [
      Need(
        name: "open files", found: UInt64(hs_room_descriptors(descriptors)), needed: UInt64(descriptors),
        remedy: "raise the limit: ulimit -n 1024"),
      Need(
        name: "threads and processes", found: UInt64(hs_room_threads(threads)), needed: UInt64(threads),
        remedy: "raise the limit (ulimit -u, or pids.max of the control group), or end other processes"),
      Need(
        name: "address space, in MiB", found: hs_room_address_space(mebibytes << 20) >> 20, needed: mebibytes,
        remedy: "raise the limit: ulimit -v unlimited"),
    ]
    return needs.compactMap(\.sentence)
  }

  /// Ends the process with a message when something is missing. Called before there is any other thread.
  static func require() {
    // A file that grows beyond `ulimit -f` is an error of its write, and no reason to be killed (setrlimit(2)).
    signal(SIGXFSZ, SIG_IGN)
    let missing = missing()
    guard !missing.isEmpty else { return }
    for sentence in missing {
      let line = "heapscale: \(sentence)\n"
      _ = write(STDERR_FILENO, line, line.utf8.count)
    }
    exit(ExitStatus.machineLacks.rawValue)
  }
}
