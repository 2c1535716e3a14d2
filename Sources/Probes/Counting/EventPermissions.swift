import Glibc

/// What the kernel lets this process watch.
public struct EventPermissions: Hashable, Sendable {
  /// /proc/sys/kernel/perf_event_paranoid; nil when it cannot be read: the kernel has no perf events then.
  public var paranoid: Int?
  /// Whether CAP_PERFMON or CAP_SYS_ADMIN is effective.
  public var isPrivileged: Bool
  /// Whether a seccomp filter is in force.
  public var isFiltered: Bool
  /// Whether memory may be locked without limit: CAP_IPC_LOCK is effective.
  public var mayLockMemory = false

  /// States permissions.
  public init(paranoid: Int?, isPrivileged: Bool, isFiltered: Bool) {
    self.paranoid = paranoid
    self.isPrivileged = isPrivileged
    self.isFiltered = isFiltered
  }

  /// Reads those of this thread under /proc.
  public init(proc: String = "/proc") {
    paranoid = FolderListing.line("\(proc)/sys/kernel/perf_event_paranoid").flatMap { Int($0) }
    let status = ProcText.read("\(proc)/thread-self/status") ?? ""
    let capabilities = Self.field("CapEff", of: status).flatMap { UInt64($0, radix: 16) } ?? 0
    // linux/capability.h: CAP_SYS_ADMIN 21, CAP_PERFMON 38 (since Linux 5.8).
    isPrivileged = capabilities & (1 << 21 | 1 << 38) != 0
    mayLockMemory = capabilities & (1 << 14) != 0
    isFiltered = Self.field("Seccomp", of: status) == "2"
  }

  /// Whether counts that arise in kernel code may be had: perf_event_paranoid of at most 1, or the capability.
  public var mayWatchKernel: Bool { isPrivileged || (paranoid ?? 2) <= 1 }

  private static func field(_ name: String, of status: String) -> String? {
    for line in status.split(separator: "\n") where line.hasPrefix("\(name):") {
      return line.dropFirst(name.count + 1).filter { !$0.isWhitespace }
    }
    return nil
  }
}
