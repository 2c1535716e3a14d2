import CLinux
import Glibc

/// The running `heapscale-launch`: one for a session, it forks every trial from its own small image.
///
/// When this object goes, or the harness dies, the helper sees the end of its socket, kills what it runs and
/// ends. What was started here is its guardian, which does so when the helper itself is killed. Used from one thread.
public final class LaunchHelper {
  let socket: OwnedDescriptor
  private let pid: pid_t
  private var pathBuffer = [CChar](repeating: 0, count: Int(HS_LAUNCH_PATH_BYTES))

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

  deinit { close() }

  /// What became of the helper's processes.
  enum Ending {
    /// None is left.
    case complete
    /// Some could not be ended.
    case incomplete
    /// Its guardian was killed as well, so that nobody knows.
    case unknown

    /// What a user has to do; nil for nothing.
    var sentence: String? {
      switch self {
      case .complete: nil
      case .incomplete: "some of its processes could not be ended; look for them (ps -ef)"
      case .unknown:
        "its guardian was killed, too, and some of its processes may still run; look for them (ps -ef)"
      }
    }
  }

  private var ending: Ending?
  /// The helper itself, below its guardian, as it has told.
  private var launcher: pid_t?
  /// The guardian allows the helper 8 s, and then itself 5 s.
  private static let closingPatience: Nanoseconds64 = 20_000_000_000

  /// Ends the helper with all that it runs. Returns after 20 s at the latest: a guardian that was stopped is killed then.
  @discardableResult
  func close() -> Ending {
    if let ending { return ending }
    shutdown(socket.rawValue, Int32(SHUT_RDWR))
    let deadline = MonotonicClock.now + LaunchHelper.closingPatience
    var status: Int32 = 0
    var pause: useconds_t = 100
    while true {
      let waited = waitpid(pid, &status, WNOHANG)
      if waited == pid || (waited < 0 && errno != EINTR) { break }
      if MonotonicClock.now > deadline { killBoth() }
      usleep(pause)
      pause = min(2 * pause, 20_000)
    }
    let ended: Ending = status == 0 ? .complete : status & 0x7f == 0 ? .incomplete : .unknown
    ending = ended
    return ended
  }

  /// Ends a guardian that was stopped, after the helper below it, whose tracees end with it.
  private func killBoth() {
    if let launcher, isChild(launcher) { kill(launcher, SIGKILL) }
    kill(pid, SIGKILL)
  }

  private func isChild(_ process: pid_t) -> Bool {
    // Fields after the last parenthesis, since a name may hold anything: state, parent.
    let fields =
      (ProcText.read("/proc/\(process)/stat") ?? "").split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && pid_t(fields[1]) == pid
  }

  /// What the guardian says of a helper that was killed.
  static func loss(_ event: hs_launch_event) -> String {
    let signal = event.status & 0x7f
    let how = signal == 0 ? "exit code \(event.status >> 8 & 0xff)" : "ended by \(SignalName.name(signal))"
    var parts = [how]
    if event.leftovers > 0 { parts.append("processes ended after it: \(event.leftovers)") }
    if event.survivors > 0 { parts.append("processes that could not be ended: \(event.survivors)") }
    return parts.joined(separator: "; ")
  }

  /// Whether it waits for the next trial, and has not gone meanwhile.
  var isReady: Bool {
    guard ending == nil else { return false }
    do { return try receive() == nil } catch { return false }
  }

  /// Sends one request, with descriptors for `START`, with a process for those that are about one.
  func send(_ kind: hs_launch_kind, pid: Int32 = 0, descriptors: [Int32] = []) throws(ProbeError) {
    let result = hs_send_request(socket.rawValue, kind.rawValue, pid, descriptors, Int32(descriptors.count))
    guard result == 0 else { throw .helperGone(ErrnoText.text(-result)) }
  }

  /// What the helper tells, with the path of the program where it tells of one.
  struct Event {
    var fields: hs_launch_event
    var path: String
  }

  /// The next event; nil when there is none yet.
  func receive() throws(ProbeError) -> Event? {
    var fields = hs_launch_event()
    let result = hs_receive_event(socket.rawValue, &fields, &pathBuffer)
    if result == 1 {
      if hs_launch_kind(fields.kind) == HS_LAUNCH_FORKED { launcher = fields.parent }
      let path = pathBuffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return Event(fields: fields, path: String(decoding: path, as: UTF8.self))
    }
    if result == -EAGAIN { return nil }
    throw .helperGone(result == 0 ? "it ended" : ErrnoText.text(-result))
  }
}
