/// The cores that a process may run on, which allocators count to find their defaults (sched_getaffinity(2)).
enum UsableCores {
  /// How many; programs that are audited inherit them.
  static var count: Int {
    let name = "Cpus_allowed_list:"
    let line = ProcText.read("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix(name) }
    return max(1, CPUList.parse(line.map { String($0.dropFirst(name.count)).trimmed } ?? "").count)
  }
}
