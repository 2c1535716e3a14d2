import CLinux
import Glibc
import Model

/// Empties a sampler's rings while a process that was not started by us runs.
public final class ProcessWatch {
  private let pid: Int32
  private let interrupt: Int32
  /// Readable when the process has ended; nil where the kernel cannot say so, and it is looked for several times a second.
  private let ending: OwnedDescriptor?

  /// Watches a process. `interrupt` is a descriptor that becomes readable when the user wants to stop; -1 for none.
  public init(pid: Int32, interrupt: Int32 = -1) {
    self.pid = pid
    self.interrupt = interrupt
    ending = try? OwnedDescriptor.adopt(hs_pidfd(pid), call: "pidfd_open", subject: "process \(pid)")
  }

  /// Whether it has ended, waited for by its parent or not.
  public var hasEnded: Bool {
    guard let ending else { return kill(pid, 0) != 0 && errno != EPERM }
    var polled = pollfd(fd: ending.rawValue, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) > 0
  }

  /// Drains on the calling thread until the time is over, the process ends or the user interrupts.
  public func drain(_ sampler: EventSampler, for duration: Nanoseconds) {
    let end = MonotonicClock.now + duration.count
    while !hasEnded {
      let left = end - MonotonicClock.now
      guard left > 0 else { return }
      var polled = [interrupt, ending?.rawValue ?? -1].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      polled += sampler.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = hs_poll(&polled, UInt32(polled.count), min(left, 100_000_000))
      sampler.drain()
      if polled[0].revents != 0 { return }
    }
  }
}
