import Foundation
import Glibc
import Testing

/// Programs that run already, crash or are interrupted, users without rights, and mistakes.
@Suite struct ProfileEndingTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  /// Shell that makes pages resident again and again until it is killed.
  private static let busy = "while :; do x=$(head -c 300000 /dev/zero | tr '\\0' x); done"

  @Test func `a process that runs already is sampled for the time that was asked for, and goes on`() throws {
    let busy = Process()
    busy.executableURL = URL(filePath: "/bin/sh")
    busy.arguments = ["-c", ProfileEndingTests.busy]
    try busy.run()
    defer {
      // Whoever starts threads for tests may block the milder signals, and children inherit that.
      kill(busy.processIdentifier, SIGKILL)
      busy.waitUntilExit()
    }
    let profiled = try ProfiledRun(
      binary, ["--pid", "\(busy.processIdentifier)", "--seconds", "1", "--no-simulate"])
    #expect(profiled.run.status == 0, "\(profiled.run.errors)")
    #expect(try profiled.growth().samples > 0)
    #expect(profiled.profile["outcome"] == nil && busy.isRunning)
  }

  @Test func `a command that crashes ends with code 3, and what was sampled is shown`() throws {
    let profiled = try ProfiledRun(
      binary,
      ["--no-simulate", "--", "/bin/sh", "-c", "x=$(head -c 300000 /dev/zero | tr '\\0' x); kill -SEGV $$"])
    #expect(profiled.run.status == 3, "\(profiled.run.errors)")
    #expect(profiled.profile["outcome"] as? String == "signal-11")
    #expect(profiled.run.output.contains("did not end well (signal-11)"), "\(profiled.run.output)")
    #expect(try profiled.growth().total("resident") > 300_000)
  }

  @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
  func `an ordinary user gets page faults and is told what the kernel withholds`() throws {
    chmod(binary.folder.path, 0o777)
    let json = binary.folder.appending(path: "own.json").path
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/setpriv")
    process.arguments =
      ["--reuid", "65534", "--regid", "65534", "--clear-groups", HeapscaleBinary.path, "profile"]
      + ["--no-simulate", "--quiet", "--json", json, "--", "/usr/bin/sort", "/etc/services"]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "HOME": binary.folder.path, "TMPDIR": binary.folder.path, "XDG_CACHE_HOME": binary.folder.path,
    ]) { $1 }
    process.currentDirectoryURL = binary.folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: json)))
    let profile = try #require((document as? [String: Any])?["profile"] as? [String: Any])
    let growth = ProfiledRun.Stacks(profile: try #require(profile["growth"] as? [String: Any]))
    #expect(growth.samples > 10)
    let missing = profile["unavailable"] as? [[String: Any]] ?? []
    #expect(missing.contains { ($0["remedy"] as? String)?.contains("root") == true }, "\(missing)")
    let notes = profile["notes"] as? [String] ?? []
    #expect(notes.contains { $0.contains("inside system calls") && $0.contains("CAP_PERFMON") }, "\(notes)")
  }

  @Test func `Ctrl-C ends the profile in order, and leaves no process`() throws {
    let marker = "marker\(UInt32.random(in: 0...UInt32.max))"
    let json = binary.folder.appending(path: "cut.json").path
    let (process, wait) = try binary.start([
      "profile", "--no-simulate", "--json", json, "--", "/bin/sh", "-c",
      ": \(marker); \(ProfileEndingTests.busy)",
    ])
    // The program runs once a shell other than heapscale's own command line names the marker.
    for _ in 0..<400 where binary.processes(with: marker).count < 2 { usleep(25_000) }
    #expect(binary.processes(with: marker).count >= 2)
    usleep(200_000)
    kill(process.processIdentifier, SIGINT)
    let run = wait()
    #expect(run.status == 130, "\(run.errors)")
    for _ in 0..<40 where !binary.processes(with: marker).isEmpty { usleep(50_000) }
    #expect(binary.processes(with: marker).isEmpty)
    #expect(run.output.contains("interrupted"), "\(run.output)")
    #expect(try Document(path: json, run).root["profile"] != nil)
  }

  @Test(
    arguments: [
      ([], "nothing to profile"),
      (["--workload", "touch", "--pid", "1"], "more than one thing"),
      (["--workload", "touch", "--", "true"], "more than one thing"),
      (["--workload", "tuch"], "did you mean 'touch'?"),
      (["--workload", "touch", "--phase", "stedy"], "unknown phase 'stedy'"),
      (["--phase", "steady", "--", "/bin/true"], "phase"),
      (["--workload", "touch", "--seconds", "4"], "--seconds goes with --pid"),
      (["--workload", "touch", "--period", "0"], "--period 0 is out of range"),
      (["--workload", "touch", "--memory-period", "1"], "--memory-period 1 is out of range"),
      (["--workload", "touch", "--stacks", "lbr"], "unknown kind of stacks 'lbr'"),
      (["--workload", "touch", "--stack-bytes", "8"], "--stack-bytes 8 is out of range"),
      (["--workload", "touch", "--heap"], "glibc/dynamic/glibc writes no heap profile"),
      (["--workload", "touch", "--heap-profile", "/etc/passwd"], "no known kind of profile"),
      (
        ["--workload", "touch", "--heap-profile", "/nonexistent"], "the profile '/nonexistent' cannot be read"
      ),
      (["--workload", "touch", "--pprof", "/nonexistent/x"], "no folder '/nonexistent'"),
      (["--workload", "touch", "--pprof", "-"], "go to files"),
      (["--workload", "touch", "--csv", "-", "--markdown", "-"], "2 formats go to standard output"),
      (["--workload", "touch", "--sort", "nosuch"], "unknown column 'nosuch'"),
      (["--workload", "touch", "--top", "0"], "--top 0 is out of range"),
      (["--pid", "999999999"], "there is no process 999999999"),
      (["--pid", "1", "--seconds", "0"], "--seconds 0.0 is out of range"),
      (["--pid", "1", "--variant", "glibc/static"], "cannot be given a variant"),
      (["--pid", "1", "--perf-data", "perf.data"], "--perf-data is for programs"),
      (["--from", "x.json", "--settings", "a=B=1"], "cannot be given a variant"),
    ] as [([String], String)])
  func `a mistake gets one clear message, code 64, and nothing is written`(
    arguments: [String], message: String
  ) throws {
    let json = binary.folder.appending(path: "none.json").path
    var all = ["profile"] + arguments
    all.insert(
      contentsOf: ["--quiet", "--no-simulate", "--json", json], at: all.firstIndex(of: "--") ?? all.endIndex)
    if all.contains("-") { all.removeAll { $0 == "--json" || $0 == json } }
    let run = try binary.start(all).1()
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: json))
  }
}
