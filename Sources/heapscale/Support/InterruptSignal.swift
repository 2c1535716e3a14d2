import Dispatch
import Glibc

/// Turns SIGINT, SIGTERM and SIGHUP into a readable descriptor, so that the measuring thread can end its trial in
/// order: no process stays behind, and what was measured is kept.
final class InterruptSignal {
  /// Becomes readable at the first signal and stays so.
  let descriptor: Int32
  private let writer: Int32
  private var sources: [any DispatchSourceSignal] = []

  /// Whether the user has asked to stop.
  var hasCome: Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) > 0
  }

  init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    descriptor = ends[0]
    writer = ends[1]
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      let writer = writer
      source.setEventHandler { write(writer, "!", 1) }
      source.resume()
      sources.append(source)
    }
  }

  deinit {
    sources.forEach { $0.cancel() }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    close(descriptor)
    close(writer)
  }
}
