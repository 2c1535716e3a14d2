import Glibc
import Model

/// The measured process and, for a user's command, its descendants: their resident sets are summed.
///
/// Pages that several of them share count several times, as in any sum of RSS.
final class ProcessTree {
  let root: ProcessReader
  private let followsDescendants: Bool
  private var descendants: [Int32: ProcessReader] = [:]
  private var nextLook: Nanoseconds64 = 0
  /// Looking for new descendants reads one file per thread: not at every sample.
  private static let lookPeriod: Nanoseconds64 = 50_000_000

  init(root pid: Int32, followsDescendants: Bool) throws(ProbeError) {
    root = try ProcessReader(pid: pid)
    self.followsDescendants = followsDescendants
  }

  /// Resident set of the whole tree now; nil when the root has none any more.
  func resident(now: Nanoseconds64) -> Bytes? {
    guard let own = root.resident() else { return nil }
    guard followsDescendants else { return own }
    if now >= nextLook {
      nextLook = now + ProcessTree.lookPeriod
      lookForDescendants()
    }
    var sum = own.count
    for (pid, reader) in descendants {
      if let resident = reader.resident() {
        sum += resident.count
      } else {
        descendants[pid] = nil
      }
    }
    return Bytes(sum)
  }

  private func lookForDescendants() {
    var pending = [root.pid]
    var found: Set<Int32> = []
    while let pid = pending.popLast() {
      for child in ProcessTree.children(of: pid) where found.insert(child).inserted {
        pending.append(child)
        if descendants[child] == nil { descendants[child] = try? ProcessReader(pid: child) }
      }
    }
  }

  /// Children of all threads (proc_pid_task_children(5)); needs CONFIG_PROC_CHILDREN, else there are none.
  static func children(of pid: Int32) -> [Int32] {
    guard let directory = opendir("/proc/\(pid)/task") else { return [] }
    defer { closedir(directory) }
    var result: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard Int32(name) != nil, let text = ProcText.read("/proc/\(pid)/task/\(name)/children") else {
        continue
      }
      result += text.split(separator: " ").compactMap { Int32($0) }
    }
    return result
  }
}
