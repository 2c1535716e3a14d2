import Glibc
import Model

/// Control groups of trials: another witness of what a tree did, from the kernel's own books, and the surest way to end it.
///
/// The unified hierarchy counts the CPU time of every member exactly, waited for or not, even where no controller is
/// mounted in it (cgroup v2, `cpu.stat`). A memory controller keeps the most that was charged at once (`memory.peak`, or v1's
/// `memory.max_usage_in_bytes`), with page cache and kernel memory, which no process has mapped: it is told beside the
/// peak and never takes its place. Needs root or a delegated group; without, there is one witness less.
///
/// A process is born into the unified group (clone3(2), CLONE_INTO_CGROUP), which serves one trial after the other: making
/// and removing a group costs as much as running `true` does. v1 knows only moves, each of which waits for all CPUs (RCU).
final class TrialGroup {
  /// What the kernel has counted.
  struct Reading {
    var cpu: Nanoseconds?
    var peakCharged: Bytes?
  }

  /// A group that is ours. Its lock says that somebody uses it, also to a harness of another PID namespace.
  private struct Folder {
    let path: String
    let lock: OwnedDescriptor
    let peak: OwnedDescriptor?
  }

  private var unified: Folder?
  private var memory: Folder?
  private var cpuBefore: Int64 = 0

  deinit {
    if let unified { rmdir(unified.path) }
    if let memory { rmdir(memory.path) }
  }

  /// Makes ready for a trial; groups that are refused are left out. v1's only `withMemory`, when its move is worth its time.
  func begin(withMemory: Bool) {
    if let peak = unified?.peak, !TrialGroup.reset(peak) { forget(&unified) }
    if unified == nil { unified = TrialGroup.make(in: TrialGroup.parents.unified, peak: "memory.peak") }
    cpuBefore = cpuMicroseconds ?? 0
    if withMemory, unified?.peak == nil {
      memory = TrialGroup.make(in: TrialGroup.parents.memory, peak: "memory.max_usage_in_bytes")
    }
  }

  /// The group into which a process is to be born; nil when there is none.
  var birthplace: Int32? { unified?.lock.rawValue }

  /// Moves a process that waits before its exec, where it was not born into the groups; its children are.
  func take(_ pid: Int32, isBornHere: Bool) {
    if let unified, !isBornHere { TrialGroup.write("\(pid)", to: "\(unified.path)/cgroup.procs") }
    if let memory { TrialGroup.write("\(pid)", to: "\(memory.path)/cgroup.procs") }
  }

  /// Ends every member at once, where the kernel can (cgroup.kill, since 5.14), and one by one where it cannot.
  func kill() { [unified, memory].forEach { if let path = $0?.path { TrialGroup.kill(path) } } }

  /// Reads the groups when the trial has ended. One that somebody was left in serves no other trial.
  func end(isEmpty: Bool) -> Reading {
    var reading = Reading()
    if let cpu = cpuMicroseconds, cpu >= cpuBefore {
      reading.cpu = Nanoseconds(
        clamping: (cpu - cpuBefore).multipliedReportingOverflow(by: 1000).partialValue)
    }
    for peak in [unified?.peak, memory?.peak] {
      guard let peak, let bytes = TrialGroup.number(peak), bytes > 0 else { continue }
      reading.peakCharged = Bytes(bytes)
    }
    forget(&memory)
    if !isEmpty { forget(&unified) }
    return reading
  }

  private var cpuMicroseconds: Int64? {
    guard let unified else { return nil }
    return ProcText.bytes("\(unified.path)/cpu.stat").flatMap { ProcText.count("usage_usec", in: $0) }
  }

  private func forget(_ folder: inout Folder?) {
    if let path = folder?.path { rmdir(path) }
    folder = nil
  }

  private static func make(in parent: String?, peak: String) -> Folder? {
    guard let parent else { return nil }
    // A harness may run several trials at once, each in groups of its own.
    let path = "\(parent)/\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    guard mkdir(path, 0o755) == 0 else { return nil }
    guard let lock = lock(path) else {
      rmdir(path)
      return nil
    }
    let file = "\(path)/\(peak)"
    let kept = (try? OwnedDescriptor.open(file, O_RDWR)) ?? (try? OwnedDescriptor.open(file, O_RDONLY))
    return Folder(path: path, lock: lock, peak: kept)
  }

  /// Has the kernel begin anew with a peak, as this descriptor reads it (memory.peak, since 6.12).
  private static func reset(_ peak: OwnedDescriptor) -> Bool { pwrite(peak.rawValue, "reset", 5, 0) == 5 }

  private static func number(_ file: OwnedDescriptor) -> Int64? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(file.rawValue, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int64(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber })
  }

  private static let prefix = "heapscale-"

  /// Groups below which ours are made: our own of the unified hierarchy, and v1's memory controller. What killed harnesses
  /// have left in them is removed first.
  private static let parents: (unified: String?, memory: String?) = {
    var result: (unified: String?, memory: String?) = (nil, nil)
    for line in (ProcText.read("/proc/self/mounts") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 3 else { continue }
      if words[2] == "cgroup2" {
        result.unified = String(words[1]) + ownGroup("")
      } else if words[2] == "cgroup", words[3].split(separator: ",").contains("memory") {
        result.memory = String(words[1]) + ownGroup("memory")
      }
    }
    clean([result.unified, result.memory].compactMap { $0 })
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
