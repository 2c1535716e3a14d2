import CLinux
import Glibc
import Model

/// Empties a sampler's rings while a process that was not started by us runs.
public struct ProcessWatch: Sendable {
  private let pid: Int32
  private let interrupt: Int32

  /// Watches a process. `interrupt` is a descriptor that becomes readable when the user wants to stop; -1 for none.
  public init(pid: Int32, interrupt: Int32 = -1) {
    self.pid = pid
    self.interrupt = interrupt
  }

  /// Whether there is such a process.
  public var exists: Bool { kill(pid, 0) == 0 || errno == EPERM }

  /// Drains on the calling thread until the time is over, the process ends or the user interrupts.
  public func drain(_ sampler: EventSampler, for duration: Nanoseconds) {
    let end = MonotonicClock.now + duration.count
    while exists {
      let left = end - MonotonicClock.now
      guard left > 0 else { return }
      var polled = [pollfd(fd: interrupt, events: Int16(POLLIN), revents: 0)]
      polled += sampler.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      // A process that ends wakes nobody: it is looked for several times a second.
      _ = hs_poll(&polled, UInt32(polled.count), min(left, 100_000_000))
      sampler.drain()
      if polled[0].revents != 0 { return }
    }
  }
}
