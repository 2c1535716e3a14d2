import CLinux
import Glibc

/// The running `heapscale-launch`: one for a session, it forks every trial from its own small image.
///
/// When this object goes, or the harness dies, the helper sees the end of its socket, kills what it runs and
/// ends. Used from one thread.
public final class LaunchHelper {
  let socket: OwnedDescriptor
  private let pid: pid_t

  /// Starts the helper.
  ///
  /// Throws: `ProbeError.helperNotStarted` with the reason.
  public init(path: String) throws(ProbeError) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | O_CLOEXEC, 0, &ends) == 0 else {
      throw .system(call: "socketpair", subject: "launch helper", errno: errno)
    }
    socket = OwnedDescriptor(ends[0])
    let theirs = OwnedDescriptor(ends[1])
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, theirs.rawValue, 3)
    var pid = pid_t()
    let arguments = [strdup(path), strdup("3"), nil]
    defer { arguments.forEach { free($0) } }
    // An empty environment: nothing that acts on an allocator may reach the helper.
    let environment: [UnsafeMutablePointer<CChar>?] = [nil]
    let result = posix_spawn(&pid, path, &actions, nil, arguments, environment)
    guard result == 0 else { throw .helperNotStarted(path: path, errno: result) }
    self.pid = pid
  }

  deinit {
    shutdown(socket.rawValue, Int32(SHUT_RDWR))
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }

  /// Sends one request, with descriptors for `START`.
  func send(_ kind: hs_launch_kind, descriptors: [Int32] = []) throws(ProbeError) {
    let result = hs_send_request(socket.rawValue, kind.rawValue, descriptors, Int32(descriptors.count))
    guard result == 0 else { throw .helperGone(ErrnoText.text(-result)) }
  }

  /// The next event; nil when there is none yet.
  func receive() throws(ProbeError) -> hs_launch_event? {
    var event = hs_launch_event()
    let result = hs_receive_event(socket.rawValue, &event)
    if result == 1 { return event }
    if result == -EAGAIN { return nil }
    throw .helperGone(result == 0 ? "it ended" : ErrnoText.text(-result))
  }
}
