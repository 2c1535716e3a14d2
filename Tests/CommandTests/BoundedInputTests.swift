import Foundation
import Glibc
import Testing

/// Input of any size and kind ends in an answer, and nothing waits for it for ever.
@Suite(.serialized) struct BoundedInputTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  private func dryRun(_ plan: String) throws -> HeapscaleBinary.Run {
    try binary.run("run", plan, "--dry-run", "--store", binary.store)
  }

  @Test func `a plan of any size is read or refused`() throws {
    let keys = try binary.file(
      "keys.yaml", (0..<100_000).map { "key\($0): 1" }.joined(separator: "\n") + "\n")
    let unknown = try dryRun(keys)
    #expect(
      unknown.status == 64 && unknown.errors.contains("unknown key 'key0'"), "\(unknown.errors.prefix(300))")
    let large = binary.folder.appending(path: "large.yaml").path
    #expect(try binary.command("truncate", "-s", "100M", large) == 0)
    let refused = try dryRun(large)
    #expect(
      refused.status == 64 && refused.errors.contains("longer than 4 MiB"), "\(refused.errors.prefix(300))")
  }

  @Test(arguments: ["/dev/zero", "/dev/tty", "/", "/nowhere/x.yaml"])
  func `what is no file is refused`(path: String) throws {
    let run = try dryRun(path)
    #expect(run.status == 64 && run.errors.contains(path), "\(run.errors)")
  }

  @Test func `a FIFO that nobody writes to is no allocator, no profile's library and no store`() throws {
    let fifo = binary.folder.appending(path: "fifo").path
    #expect(mkfifo(fifo, 0o600) == 0)
    let allocator = try binary.run(
      "compare", "--allocators", fifo, "--trials", "1", "--store", binary.store, "--", "true")
    #expect(allocator.status == 64 && allocator.errors.contains(fifo), "\(allocator.errors)")
    let profile = try binary.file(
      "p.heap",
      """
      heap profile:      1:     1024 [     1:     1024] @ heapprofile
           1:     1024 [     1:     1024] @ 0x1100

      MAPPED_LIBRARIES:
      00001000-00002000 r-xp 00000000 00:00 1 \(fifo)

      """)
    let shown = try binary.run("profile", "show", profile)
    #expect(shown.status == 0, "\(shown.errors)")
    let store = try binary.run("show", "--store", fifo)
    #expect(store.status == 64 && store.errors.contains(fifo), "\(store.errors)")
  }

  @Test func `mappings that end before they begin, and a hundred thousand of them, are read`() throws {
    let lines = (0..<100_000).reversed().map { index in
      let start = 0x10_0000 + index * 0x1000
      let end = index % 3 == 0 ? start - 1 : start + 0x800
      return "\(String(start, radix: 16))-\(String(end, radix: 16)) r-xp 00000000 00:00 1 /lib/\(index % 7)"
    }
    let places = (0..<2000).map {
      "     1:     1024 [     1:     1024] @ 0x\(String(0x10_0000 + $0 * 0x2000, radix: 16))"
    }
    let profile = try binary.file(
      "m.heap",
      (["heap profile:   2000:  2048000 [  2000:  2048000] @ heapprofile"] + places + [
        "", "MAPPED_LIBRARIES:",
      ] + lines)
      .joined(separator: "\n") + "\n")
    let run = try binary.run("profile", "show", profile)
    #expect(run.status == 0, "\(run.errors.prefix(300))")
  }

  @Test func `a kernel thread, a dead process and another user's are refused with the reason`() throws {
    let dead = Process()
    dead.executableURL = URL(filePath: "/bin/true")
    try dead.run()
    dead.waitUntilExit()
    let gone = try binary.run("profile", "--pid", "\(dead.processIdentifier)", "--seconds", "1")
    #expect(gone.status == 64 && gone.errors.contains("there is no process"), "\(gone.errors)")
    // One that ends while it is sampled, and that nobody waits for.
    let short = Process()
    short.executableURL = URL(filePath: "/bin/sh")
    short.arguments = ["-c", "sleep 1.5 & exec sleep 60"]
    try short.run()
    defer { short.terminate() }
    var child: Int32?
    for _ in 0..<200 where child == nil {
      usleep(10_000)
      let path = "/proc/\(short.processIdentifier)/task/\(short.processIdentifier)/children"
      child = (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
        $0.split(separator: " ").first.flatMap { Int32($0) }
      }
    }
    let ends = try binary.run("profile", "--pid", "\(try #require(child))", "--seconds", "600")
    // Where it took longer to start than the program lives, that is said.
    #expect(
      ends.status == 0 && ends.output.contains("the profile ends there")
        || ends.errors.contains("ended before it could be sampled") || ends.errors.contains("has just ended"),
      "\(ends.output) \(ends.errors)")
    // Number 2 is the kernel's thread daemon, outside of PID namespaces.
    if (try? String(contentsOfFile: "/proc/2/comm", encoding: .utf8)) == "kthreadd\n" {
      let kernel = try binary.run("profile", "--pid", "2", "--seconds", "1")
      #expect(kernel.status == 64 && kernel.errors.contains("kernel thread"), "\(kernel.errors)")
    }
  }
}
