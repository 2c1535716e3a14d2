import Glibc
import Model

/// A stretch in which a command did nothing: it waited for a timer, a client or the end.
public struct Pause: Hashable, Sendable {
  /// When it began, since the release of the root.
  public var began: Nanoseconds
  /// When it was last seen to go on.
  public var ended: Nanoseconds
  /// CPU time that the tree had used by its end.
  public var cpu: Nanoseconds

  /// States a pause.
  public init(began: Nanoseconds, ended: Nanoseconds, cpu: Nanoseconds) {
    self.began = began
    self.ended = ended
    self.cpu = cpu
  }
}

/// Finds the pauses of a tree: from time to time it is told how much CPU time they have used, and whether they are still the same.
struct PauseWatch {
  /// What is shorter is the usual waiting for a disk or a child. A look takes place every 50 ms.
  static let shortest = Nanoseconds(300_000_000)
  static let period = Nanoseconds(50_000_000)
  /// A server's timers may run in a pause: so much of it, as a fraction, may be CPU time,
  private static let busyShare: Int64 = 50
  /// and so much of the time between two looks.
  private static let busyShareOfLook: Int64 = 10

  private struct Look: Equatable {
    var time: Nanoseconds
    var cpu: Nanoseconds
    var changes: Int
  }

  private var first: Look?
  private var last: Look?
  private var found: [Pause] = []

  /// Whether the next look is due.
  func isDue(at time: Nanoseconds) -> Bool { last.map { time - $0.time >= Self.period } ?? true }

  /// Takes a look: CPU time of all processes so far, also of those that have ended, and how often one began or ended.
  mutating func look(at time: Nanoseconds, cpu: Nanoseconds, changes: Int) {
    let look = Look(time: time, cpu: cpu, changes: changes)
    if let first, let last,
      !Self.isStill(from: last, to: look, share: Self.busyShareOfLook)
        || !Self.isStill(from: first, to: look, share: first == last ? Self.busyShareOfLook : Self.busyShare)
    {
      close()
    }
    if first == nil { first = look }
    last = look
  }

  /// All pauses, after the last look.
  var pauses: [Pause] { found + [open].compactMap(\.self) }

  private var open: Pause? {
    guard let first, let last, last.time - first.time >= Self.shortest else { return nil }
    return Pause(began: first.time, ended: last.time, cpu: last.cpu)
  }

  private mutating func close() {
    if let open { found.append(open) }
    first = nil
  }

  private static func isStill(from before: Look, to now: Look, share: Int64) -> Bool {
    let used = now.cpu - before.cpu
    let time = now.time - before.time
    return now.changes == before.changes && used.count >= 0 && used.count <= time.count / share
  }
}
