import Glibc

/// Something that could not be sampled, why, and what would help.
public struct SamplingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wanted, e.g. `page-faults`.
  public var subject: String
  /// The call that failed; empty when none was made.
  public var call: String
  /// Its errno; 0 when no call was made.
  public var errno: Int32
  /// Why, in words.
  public var reason: String
  /// What to do next.
  public var remedy: String

  /// States a failure.
  public init(subject: String, call: String = "", errno: Int32 = 0, reason: String, remedy: String) {
    self.subject = subject
    self.call = call
    self.errno = errno
    self.reason = reason
    self.remedy = remedy
  }

  /// What happened, to what, and what to do next.
  public var description: String {
    let detail = call.isEmpty ? "" : " (\(call): \(ErrnoText.text(errno)))"
    return "\(subject) cannot be sampled: \(reason)\(detail); \(remedy)"
  }
}

extension SamplingFailure {
  /// What perf_event_open(2) says by its error numbers.
  static func opening(_ subject: String, errno number: Int32) -> SamplingFailure {
    let (reason, remedy) =
      switch number {
      case ENOENT, ENODEV, ENXIO:
        ("this machine has no such event", "a machine with a hardware PMU is needed")
      case EACCES:
        (
          "kernel.perf_event_paranoid forbids it",
          "run as root, or set it to 2 or less: sysctl kernel.perf_event_paranoid=2"
        )
      case EPERM:
        (
          "the kernel or a seccomp filter forbids it",
          "in a container allow perf_event_open, or add CAP_PERFMON"
        )
      case EOPNOTSUPP: ("the hardware cannot sample it", "another machine is needed")
      case EMFILE, ENFILE:
        ("too many files are open: each event needs one for each CPU and thread", "raise ulimit -n")
      case ENODATA: ("its auxiliary event must be opened first", "please report it with the kernel's version")
      case EINVAL:
        ("the kernel does not know one of its attributes", "a newer kernel may know it; see dmesg")
      case EBUSY: ("another user holds the counter", "end other profilers, the NMI watchdog among them")
      case ENOSYS: ("the kernel was built without perf events", "another kernel is needed")
      case ESRCH: ("the process is gone", "start again while it runs")
      default: ("the kernel refused", "see perf_event_open(2)")
      }
    return SamplingFailure(
      subject: subject, call: "perf_event_open", errno: number, reason: reason, remedy: remedy)
  }

  /// Why a ring could not be mapped.
  static func ring(cpu: Int, bytes: Int, errno number: Int32) -> SamplingFailure {
    let isLimit = number == EPERM || number == ENOMEM
    return SamplingFailure(
      subject: "CPU \(cpu)", call: "mmap", errno: number,
      reason: isLimit
        ? "not even a ring of \(bytes / 1024) KiB fits into the limit of locked memory"
        : "the kernel refused its ring",
      remedy: isLimit
        ? "end other profilers, or raise kernel.perf_event_mlock_kb or ulimit -l"
        : "please report it with the kernel's version")
  }
}
