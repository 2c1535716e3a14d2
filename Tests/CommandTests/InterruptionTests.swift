import Foundation
import Glibc
import Testing

/// Whatever happens to heapscale: no process stays, no trial is lost or doubled.
@Suite(.serialized) struct InterruptionTests {
  /// Starts a session of two cells with trials of 0.2 s and waits until some are stored.
  private func started(_ binary: HeapscaleBinary, marker: String, trials: Int = 6) throws -> (
    Process, () -> HeapscaleBinary.Run
  ) {
    let started = try binary.start([
      "compare", "--arm", "a=sh -c 'sleep 0.2; : \(marker)'", "--trials", "\(trials)", "--warmup", "0",
      "--settings", "one=MALLOC_ARENA_MAX=1", "--store", binary.store,
    ])
    for _ in 0..<400 {
      if try storedTrials(binary) >= 2 { break }
      usleep(25_000)
    }
    return started
  }

  private func storedTrials(_ binary: HeapscaleBinary) throws -> Int {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sqlite3", "-readonly", binary.store, "SELECT count(*) FROM trial"]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Int(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  private func resumed(_ binary: HeapscaleBinary) throws {
    let run = try binary.run("run", "--resume", "--store", binary.store)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try storedTrials(binary) == 12)
    #expect(run.output.contains("6 trials a cell"), "\(run.output)")
    // What became of the settings was found out, and stored, before the first trial.
    #expect(
      !run.errors.contains("auditing") && run.output.contains("MALLOC_ARENA_MAX=1 → accepted"),
      "\(run.output)")
    let again = try binary.run("run", "--resume", "--store", binary.store)
    #expect(again.status == 64, "a finished session has nothing to resume: \(again.errors)")
  }

  @Test func `after kill -9 nothing is left running, and resume completes the exact number of trials`() throws
  {
    let binary = try HeapscaleBinary()
    let marker = "marker\(UInt32.random(in: 0...UInt32.max))"
    let (process, _) = try started(binary, marker: marker)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    for _ in 0..<20 {
      if binary.processes(with: marker).isEmpty { break }
      usleep(50_000)
    }
    #expect(binary.processes(with: marker).isEmpty)
    #expect(try storedTrials(binary) < 12)
    try resumed(binary)
  }

  @Test func `Ctrl-C ends in order, keeps what was measured and says how to go on`() throws {
    let binary = try HeapscaleBinary()
    let marker = "marker\(UInt32.random(in: 0...UInt32.max))"
    let (process, wait) = try started(binary, marker: marker)
    kill(process.processIdentifier, SIGINT)
    let run = wait()
    #expect(run.status == 130)
    #expect(run.errors.contains("--resume"), "\(run.errors)")
    #expect(binary.processes(with: marker).isEmpty)
    try resumed(binary)
  }

  @Test func `a session that still runs is not resumed by a second process`() throws {
    let binary = try HeapscaleBinary()
    // So many that it still runs when the second process comes to look, however busy the machine is.
    let (process, wait) = try started(binary, marker: "x", trials: 500)
    let list = try binary.run("show", "--list", "--store", binary.store)
    #expect(list.output.contains("running"))
    let name = try #require(
      list.output.split(whereSeparator: \.isWhitespace).first { $0.contains("-") && $0.hasPrefix("2") })
    let second = try binary.run("run", "--resume", "--session", String(name), "--store", binary.store)
    #expect(second.status == 64)
    #expect(second.errors.contains("still being measured"), "\(second.errors)")
    kill(process.processIdentifier, SIGTERM)
    _ = wait()
  }
}
