import Foundation
import Glibc

@testable import Probes

/// A process that stops itself before it executes a program.
final class StoppedProcess {
  let pid: pid_t

  struct NotStarted: Error {}

  init(_ arguments: [String]) throws {
    let words = ["/bin/sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"] + arguments
    var strings: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { strings.forEach { free($0) } }
    var pid = pid_t()
    guard posix_spawn(&pid, "/bin/sh", nil, nil, &strings, [nil]) == 0 else { throw NotStarted() }
    self.pid = pid
    var status: Int32 = 0
    guard waitpid(pid, &status, WUNTRACED) == pid, status & 0xff == 0x7f else { throw NotStarted() }
  }

  /// Lets it execute the program.
  func goOn() { kill(pid, SIGCONT) }

  /// Its status, after its end.
  func wait() -> Int32 {
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status
  }
}

/// Runs code on a thread that is the user nobody: Linux keeps identities by thread, and what is started from it
/// inherits them. glibc's setresuid changes all threads, so the bare system calls are made from a small library.
enum OrdinaryUser {
  struct NotDropped: Error {}

  static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) throws -> T {
    let drop = try dropping()
    let outcome = Outcome<T>()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      outcome.value = Result {
        guard drop() == 0 else { throw NotDropped() }
        return try body()
      }
      done.signal()
    }
    done.wait()
    guard let value = outcome.value else { throw NotDropped() }
    return try value.get()
  }

  /// Unchecked: written before the semaphore is signalled, read after it was waited for.
  private final class Outcome<T>: @unchecked Sendable { var value: Result<T, any Error>? }

  private static func dropping() throws -> @convention(c) () -> Int32 {
    let source = """
      #define _GNU_SOURCE
      #include <sys/syscall.h>
      #include <unistd.h>
      int drop(void) {
        syscall(SYS_setgroups, 0, 0);
        if (syscall(SYS_setresgid, 65534, 65534, 65534)) return 1;
        return syscall(SYS_setresuid, 65534, 65534, 65534) != 0;
      }
      """
    let folder = TargetPrograms.shared.folder
    let file = folder.appending(path: "drop.c")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let library = folder.appending(path: "drop.so").path
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["cc", "-shared", "-fPIC", file.path, "-o", library]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let handle = dlopen(library, RTLD_NOW),
      let symbol = dlsym(handle, "drop")
    else { throw NotDropped() }
    return unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
  }
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
