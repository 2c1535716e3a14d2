import Glibc

/// What an errno of perf_event_open(2) means on this machine, in words that help.
enum EventRefusal {
  /// Which call was refused.
  enum Step {
    /// perf_event_open itself.
    case open
    /// mmap of the ring.
    case ring
  }

  /// The cause.
  static func explain(
    _ number: Int32, at step: Step = .open, permissions: EventPermissions, wantsKernel: Bool = false,
    cpus: Int = 1
  ) -> EventObstacle {
    switch number {
    case EACCES: return paranoid(permissions, wantsKernel: wantsKernel)
    case EPERM where step == .ring, ENOMEM where step == .ring: return lockedMemory(number, cpus: cpus)
    case EPERM: return forbidden(permissions, wantsKernel: wantsKernel)
    case ENOENT, ENXIO: return EventObstacle(.notOffered, "the PMU does not have this event")
    case EOPNOTSUPP:
      return EventObstacle(
        .notOffered, "the PMU does not support the event as asked for (\(ErrnoText.text(number)))")
    case EINVAL:
      return EventObstacle(
        .notOffered, "the kernel refuses the event's encoding (\(ErrnoText.text(number)))")
    case ENODEV: return EventObstacle(.noPMU, "the PMU is not there any more (\(ErrnoText.text(number)))")
    case ENODATA:
      return EventObstacle(
        .notOffered, "the event needs its auxiliary event first (\(ErrnoText.text(number)))")
    case EBUSY, ENOSPC:
      return EventObstacle(
        .busy, "the counters are taken (\(ErrnoText.text(number)))",
        remedy: "end other users of the PMU, such as perf or `sysctl kernel.nmi_watchdog=0`")
    case EMFILE, ENFILE:
      return EventObstacle(
        .descriptors, "too many files are open (\(ErrnoText.text(number)))",
        remedy:
          "raise `ulimit -n`: a profile needs some 15 for each of \(max(cpus, CPUList.online().count)) CPUs")
    case ENOSYS: return noKernelSupport
    case ESRCH: return EventObstacle(.other, "the program ended before its events were opened")
    default:
      let call = step == .open ? "perf_event_open" : "mapping the ring"
      return EventObstacle(.other, "\(call) failed: \(ErrnoText.text(number))")
    }
  }

  static let noKernelSupport = EventObstacle(
    .kernel, "this kernel has no perf events", remedy: "it needs CONFIG_PERF_EVENTS; gVisor has none")

  /// EACCES, and what is known to be refused before it is tried.
  static func paranoid(_ permissions: EventPermissions, wantsKernel: Bool) -> EventObstacle {
    let level =
      permissions.paranoid.map { "perf_event_paranoid is \($0)" } ?? "perf_event_paranoid forbids it"
    let what = wantsKernel ? ", which hides what happens in the kernel" : ", which forbids events"
    // Debian and Ubuntu know levels above 2, at which an ordinary user may open nothing.
    let enough = wantsKernel ? 1 : 2
    return EventObstacle(
      .paranoid, level + what, remedy: "`sysctl kernel.perf_event_paranoid=\(enough)`, or CAP_PERFMON")
  }

  private static func forbidden(_ permissions: EventPermissions, wantsKernel: Bool) -> EventObstacle {
    let isLow = (permissions.paranoid ?? 2) <= (wantsKernel ? 1 : 2)
    guard permissions.isFiltered || permissions.isPrivileged || isLow else {
      return paranoid(permissions, wantsKernel: wantsKernel)
    }
    let filter = permissions.isFiltered ? "a seccomp filter" : "a security module or a filter"
    return EventObstacle(
      .seccomp, "\(filter) refuses perf_event_open (EPERM), as containers do",
      remedy: "`docker run --cap-add PERFMON`, or a seccomp profile that allows perf_event_open")
  }

  private static func lockedMemory(_ number: Int32, cpus: Int) -> EventObstacle {
    EventObstacle(
      .lockedMemory,
      "not even the smallest ring for each of \(cpus) CPUs fits into the limit of locked memory (\(ErrnoText.text(number)))",
      remedy:
        "end other profilers, raise `ulimit -l` or `sysctl kernel.perf_event_mlock_kb`, or take CAP_IPC_LOCK"
    )
  }
}
