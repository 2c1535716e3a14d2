import CLinux
import Glibc

/// Turns SIGINT, SIGTERM and SIGHUP into a readable descriptor, so that the measuring thread can end its trial in
/// order: no process stays behind, and what was measured is kept.
///
/// A second signal, a second or more after the first, ends heapscale at once, whatever it is doing: what it has started
/// is ended by its guardians then. A handler of our own, because libdispatch needs threads and descriptors to deliver one.
final class InterruptSignal {
  /// Becomes readable at the first signal and stays so.
  let descriptor: Int32

  /// Whether the user has asked to stop.
  var hasCome: Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) > 0
  }

  init() { descriptor = hs_interrupts_begin() }

  deinit { hs_interrupts_end() }
}
