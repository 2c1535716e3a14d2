import Foundation
import Glibc
import Testing

/// Limits of the machine, and tools that do not come to their end.
@Suite(.serialized) struct LimitTests {
  /// Runs heapscale from a shell that first limits itself.
  private func limited(_ binary: HeapscaleBinary, _ limit: String, _ arguments: String) throws -> (
    status: Int32, errors: String
  ) {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "\(limit); exec '\(HeapscaleBinary.path)' \(arguments) --store '\(binary.store)'",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  @Test(arguments: [
    "compare --trials 1 -- true", "run quick", "profile -- true",
  ])
  func `too few open files are refused with what sets the limit`(command: String) throws {
    let binary = try HeapscaleBinary()
    for count in [8, 16, 25, 32, 33] {
      let run = try limited(binary, "ulimit -n \(count)", command)
      #expect(run.status == 6 && run.errors.contains("ulimit -n"), "\(count): \(run.errors)")
    }
  }

  @Test func `too little address space is refused`() throws {
    let run = try limited(try HeapscaleBinary(), "ulimit -v 500000", "compare --trials 1 -- true")
    #expect(run.status == 6 && run.errors.contains("address space"), "\(run.errors)")
  }

  @Test func `sixty-four open files are enough for a comparison`() throws {
    let run = try limited(try HeapscaleBinary(), "ulimit -n 64", "compare --trials 1 --warmup 0 -- true")
    #expect(run.status == 0, "\(run.errors)")
  }

  /// A folder with one tool that never ends, before all others on PATH.
  private func hangs(_ binary: HeapscaleBinary, _ tool: String, marker: String) throws -> [String: String] {
    let folder = binary.folder.appending(path: "path")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = try binary.file("path/\(tool)", "#!/bin/sh\nsetsid sleep \(marker) &\nsleep \(marker)\n")
    chmod(script, 0o755)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    // An empty cache: everything has to be built.
    return ["PATH": "\(folder.path):\(path)", "HEAPSCALE_CACHE": binary.folder.appending(path: "cache").path]
  }

  @Test(arguments: [("sha256sum", SIGTERM), ("gcc", SIGINT), ("musl-gcc", SIGKILL), ("dpkg-query", SIGKILL)])
  func `a tool that hangs keeps no signal away, and nothing of it is left`(tool: String, signal: Int32) throws
  {
    let binary = try HeapscaleBinary()
    let marker = "78\(UInt32.random(in: 100_000_000...999_999_999))"
    let (process, wait) = try binary.start(
      ["compare", "--trials", "1", "--store", binary.store, "--", "true"],
      environment: try hangs(binary, tool, marker: marker))
    for _ in 0..<2000 where binary.processes(with: marker).count < 2 { usleep(10_000) }
    #expect(binary.processes(with: marker).count >= 2, "\(tool) was never run")
    kill(process.processIdentifier, signal)
    _ = wait()
    for _ in 0..<1000 where !binary.processes(with: marker).isEmpty { usleep(10_000) }
    #expect(binary.processes(with: marker).isEmpty)
  }
}
