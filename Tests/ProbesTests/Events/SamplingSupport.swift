import Foundation
import Glibc

@testable import Probes

/// A process that stops itself before it executes a program.
final class StoppedProcess {
  let pid: pid_t

  struct NotStarted: Error {}

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    let words = ["/bin/sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"] + arguments
    var strings: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (strings + variables).forEach { free($0) } }
    var pid = pid_t()
    guard posix_spawn(&pid, "/bin/sh", nil, nil, &strings, &variables) == 0 else { throw NotStarted() }
    self.pid = pid
    var status: Int32 = 0
    guard waitpid(pid, &status, WUNTRACED) == pid, status & 0xff == 0x7f else { throw NotStarted() }
  }

  /// Lets it execute the program.
  func goOn() { kill(pid, SIGCONT) }

  /// Whether it has ended; `wait` still tells its status.
  var hasEnded: Bool {
    var about = siginfo_t()
    return waitid(P_PID, id_t(pid), &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_signo == SIGCHLD
  }

  /// Its status, after its end.
  func wait() -> Int32 {
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status
  }
}

/// Rings of root's count against the limit of an ordinary user in the same process: those tests take turns.
enum LockedMemory {
  private static let lock = NSLock()

  static func alone<T>(_ body: () throws -> T) rethrows -> T { try lock.withLock(body) }
}

/// tracefs on a temporary folder.
struct MountedTracefs {
  let folder: String

  struct NotMounted: Error { var errno: Int32 }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "heapscale tracefs \(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard mount("none", folder, "tracefs", 0, nil) == 0 else { throw NotMounted(errno: errno) }
  }

  func unmount() {
    umount(folder)
    rmdir(folder)
  }
}
