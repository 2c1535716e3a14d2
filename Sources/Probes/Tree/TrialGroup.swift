import Glibc
import Model

/// Control groups of one trial: another witness of what its tree did, from the kernel's own books.
///
/// The unified hierarchy counts the CPU time of every member exactly, waited for or not, even where no controller is
/// mounted in it (cgroup v2, `cpu.stat`). A memory controller keeps the most that was charged at once (`memory.peak`, or v1's
/// `memory.max_usage_in_bytes`), with page cache and kernel memory, which no process has mapped: it is told beside the
/// peak and never takes its place. Needs root or a delegated group; without, there is one witness less.
final class TrialGroup {
  /// What the kernel has counted.
  struct Reading {
    var cpu: Nanoseconds?
    var peakCharged: Bytes?
  }

  private let folders: [String]
  /// Says that somebody uses the groups, also to a harness of another PID namespace.
  private let locks: [OwnedDescriptor]

  /// Makes the groups; those that are refused are left out.
  init() {
    let parents = TrialGroup.parents
    TrialGroup.clean(parents)
    // A harness may run several trials at once, each in groups of its own.
    let name = "\(TrialGroup.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    folders = parents.map { "\($0)/\(name)" }.filter { mkdir($0, 0o755) == 0 }
    locks = folders.compactMap(TrialGroup.lock)
  }

  /// Ends every member at once, where the kernel can (cgroup.kill, since 5.14), and one by one where it cannot.
  func kill() { folders.forEach(TrialGroup.kill) }

  /// Moves a process that waits before its exec; its children are born into the same groups.
  func take(_ pid: Int32) {
    for folder in folders { TrialGroup.write("\(pid)", to: "\(folder)/cgroup.procs") }
  }

  /// Reads the groups and removes them, when all members are gone.
  func end() -> Reading {
    var reading = Reading()
    for folder in folders {
      for line in (ProcText.read("\(folder)/cpu.stat") ?? "").split(separator: "\n")
      where line.hasPrefix("usage_usec ") {
        let microseconds = Int64(line.dropFirst("usage_usec ".count)) ?? 0
        reading.cpu = Nanoseconds(clamping: microseconds.multipliedReportingOverflow(by: 1000).partialValue)
      }
      for file in ["memory.peak", "memory.max_usage_in_bytes"] {
        guard let text = ProcText.read("\(folder)/\(file)"),
          let bytes = Int64(text.prefix { $0.isNumber }), bytes > 0
        else { continue }
        reading.peakCharged = Bytes(bytes)
      }
      rmdir(folder)
    }
    return reading
  }

  private static let prefix = "heapscale-"

  /// Groups below which ours are made: our own of the unified hierarchy, and v1's memory controller.
  private static let parents: [String] = {
    var result: [String] = []
    for line in (ProcText.read("/proc/self/mounts") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 3 else { continue }
      let options = words[3].split(separator: ",")
      if words[2] == "cgroup2" {
        result.append(String(words[1]) + ownGroup(""))
      } else if words[2] == "cgroup", options.contains("memory") {
        result.append(String(words[1]) + ownGroup("memory"))
      }
    }
    return result
  }()

  /// The path of the group that we are in, from /proc/self/cgroup; empty for the root.
  private static func ownGroup(_ controller: String) -> String {
    for line in (ProcText.read("/proc/self/cgroup") ?? "").split(separator: "\n") {
      // NUMBER:CONTROLLERS:PATH; the unified hierarchy has number 0 and no controllers.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3,
        parts[1] == controller || parts[1].split(separator: ",").contains(controller[...])
      else { continue }
      return parts[2] == "/" ? "" : String(parts[2])
    }
    return ""
  }

  /// Takes a group's lock; nil while another harness holds it.
  private static func lock(_ folder: String) -> OwnedDescriptor? {
    guard let descriptor = try? OwnedDescriptor.open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
      flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0
    else { return nil }
    return descriptor
  }

  private static func kill(_ folder: String) {
    write("1", to: "\(folder)/cgroup.kill")
    for member in (ProcText.read("\(folder)/cgroup.procs") ?? "").split(separator: "\n") {
      // 0 stands for a process of another PID namespace.
      if let pid = Int32(member), pid > 1 { _ = Glibc.kill(pid, SIGKILL) }
    }
  }

  /// Ends and removes what killed harnesses have left. The members are gone a moment later: the next start removes
  /// their group.
  private static func clean(_ parents: [String]) {
    for parent in parents {
      guard let directory = opendir(parent) else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard name.hasPrefix(prefix), let owner = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }),
          owner != getpid(), Glibc.kill(owner, 0) != 0, errno == ESRCH,
          let lock = lock("\(parent)/\(name)")
        else { continue }
        kill("\(parent)/\(name)")
        withExtendedLifetime(lock) { _ = rmdir("\(parent)/\(name)") }
      }
    }
  }

  private static func write(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = Glibc.write(descriptor, text, text.utf8.count)
  }
}
