import Glibc

/// Children of a process as /proc lists them: for forks that nobody told of.
enum ProcessChildren {
  /// Children of all its threads (proc_pid_task_children(5)); needs CONFIG_PROC_CHILDREN, else there are none.
  static func of(_ pid: Int32) -> [Int32] {
    ProcessThreads.of(pid).flatMap { thread in
      (ProcText.read("/proc/\(pid)/task/\(thread)/children") ?? "").split(separator: " ").compactMap {
        Int32($0)
      }
    }
  }
}
