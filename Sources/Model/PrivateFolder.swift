import Foundation
import Glibc

/// A folder for files of one process, which only its user may enter and nobody can guess.
///
/// Its name tells the owner's number and start time, and the owner holds a lock on it: what a killed process has left
/// behind is removed when the next one makes a folder in the same place. A process in another PID namespace has a number
/// that means nothing here, but its lock does.
public final class PrivateFolder: Sendable {
  /// Where it is.
  public let path: String
  private let lock: Int32

  /// The reason why there is none.
  public struct Failure: Error, Hashable, Sendable {
    /// The folder that it should have been made in.
    public let place: String
    /// Of mkdtemp(3).
    public let errno: Int32
  }

  /// Makes one in TMPDIR, else in /tmp, and removes what killed processes have left there. `kind` says in its name what
  /// it is for.
  public convenience init(kind: String) throws(Failure) {
    let chosen = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    try self.init(in: chosen.hasPrefix("/") ? chosen : "/tmp", prefix: "heapscale-\(kind)-")
  }

  /// Makes one in a folder, under a name that begins with a prefix.
  public init(in parent: String, prefix: String) throws(Failure) {
    PrivateFolder.removeAbandoned(in: parent, prefix: prefix)
    let started = PrivateFolder.startTime(of: getpid()) ?? 0
    var template = Array("\(parent)/\(prefix)\(getpid())-\(started)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(place: parent, errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    lock = PrivateFolder.lock(path) ?? -1
  }

  deinit { if lock >= 0 { close(lock) } }

  /// Removes it with all that is in it.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Opens a folder, not through a link, and takes its lock; nil when that is refused or another process holds it.
  private static func lock(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
    close(descriptor)
    return nil
  }

  /// Removes folders of processes that are gone: this user's own, and none that somebody holds.
  private static func removeAbandoned(in parent: String, prefix: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let words = name.dropFirst(prefix.count).split(separator: "-")
      guard words.count == 3, let pid = pid_t(words[0]), let started = UInt64(words[1]),
        startTime(of: pid) != started
      else { continue }
      let path = "\(parent)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_uid == geteuid(), let descriptor = lock(path) else {
        continue
      }
      try? FileManager.default.removeItem(atPath: path)
      close(descriptor)
    }
  }

  /// When a process started, in clock ticks since boot (proc_pid_stat(5), field 22); nil when there is none.
  private static func startTime(of pid: pid_t) -> UInt64? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
    // A name may hold anything, a parenthesis as well: fields are counted after the last one.
    let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 19 ? UInt64(fields[19]) : nil
  }
}
