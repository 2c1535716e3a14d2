import Glibc

/// The threads of a process (proc_pid_task(5)).
enum ProcessThreads {
  /// Their ids; empty when the process is gone.
  static func of(_ pid: Int32) -> [Int32] {
    guard let directory = opendir("/proc/\(pid)/task") else { return [] }
    defer { closedir(directory) }
    var result: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let tid = Int32(name) { result.append(tid) }
    }
    return result
  }
}
