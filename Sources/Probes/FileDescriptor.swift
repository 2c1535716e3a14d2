import CLinux
import Glibc

/// An open descriptor that is closed when its owner goes.
final class OwnedDescriptor {
  let rawValue: Int32

  init(_ rawValue: Int32) { self.rawValue = rawValue }

  deinit { close(rawValue) }

  /// Takes what a shim returned: a descriptor, or a negative errno.
  static func adopt(_ result: Int32, call: String, subject: String) throws(ProbeError) -> OwnedDescriptor {
    guard result >= 0 else { throw .system(call: call, subject: subject, errno: -result) }
    return OwnedDescriptor(result)
  }

  /// Opens a file; a negative result is left to the caller to explain.
  static func open(_ path: String, _ flags: Int32) throws(ProbeError) -> OwnedDescriptor {
    let fd = Glibc.open(path, flags | O_CLOEXEC)
    guard fd >= 0 else { throw .system(call: "open", subject: path, errno: errno) }
    return OwnedDescriptor(fd)
  }

  /// A pipe, both ends close-on-exec, the reading end non-blocking.
  static func pipe() throws(ProbeError) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
    var ends: [Int32] = [0, 0]
    let result = hs_pipe(&ends)
    guard result == 0 else {
      throw .system(call: "pipe2", subject: "standard error of the target", errno: -result)
    }
    return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
  }
}

/// CLOCK_MONOTONIC, the clock of every time stamp in a trial.
enum MonotonicClock {
  static var now: Nanoseconds64 { read(CLOCK_MONOTONIC) }

  /// CPU time of the calling thread.
  static var ownCPU: Nanoseconds64 { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Nanoseconds64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return nanoseconds(time)
  }

  /// A clock may be set to anything, and so may a file's times: at most 292 years from its beginning.
  static func nanoseconds(_ time: timespec) -> Nanoseconds64 {
    let (whole, isTooMuch) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isMore) = whole.addingReportingOverflow(Int64(time.tv_nsec))
    return isTooMuch || isMore ? (time.tv_sec < 0 ? .min : .max) : sum
  }
}

/// Nanoseconds as a bare integer, for arithmetic in the sampling loop.
typealias Nanoseconds64 = Int64
