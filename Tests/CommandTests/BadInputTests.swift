import Foundation
import Glibc
import Testing

/// Every mistake gets one clear message, the right exit code, and damages nothing.
@Suite struct BadInputTests {
  @Test(
    arguments: [
      (["run", "nosuchplan"], 64, "unknown plan 'nosuchplan'"),
      (["run", "qick"], 64, "did you mean 'quick'?"),
      (["run", "/tmp/"], 64, "directory"),
      (["run", "--workload", "lrason"], 64, "did you mean 'larson'?"),
      (["run", "--workload", "larson:threads=0"], 64, "out of range"),
      (["run", "--workload", "larson:thread=2"], 64, "did you mean 'threads'?"),
      (["run", "--workload", "larson", "--variant", "glibc/statik"], 64, "did you mean 'static'?"),
      (["run", "--workload", "larson", "--variant", "musl/preload/jemalloc"], 64, "jemalloc comes as"),
      (["run", "--workload", "larson", "--trials", "0"], 64, "out of range"),
      (["run", "--workload", "larson", "--time-limit", "soon"], 64, "--time-limit"),
      (["run", "--workload", "larson", "--settings", "oops"], 64, "not of the form"),
      (["run", "--workload", "larson", "--metrics", "peak_residnt"], 64, "did you mean 'peak_resident'?"),
      (["run", "--workload", "larson", "--json", "/nonexistent/o.json"], 64, "no folder"),
      (["run", "--workload", "larson", "--rate", "0", "--memory-limit", "1GiB"], 64, "needs the sampler"),
      (["run"], 64, "no workload is named"),
      (["run", "--session", "x"], 64, "--resume"),
      (["run", "--nonsense"], 64, "nonsense"),
      (["compare"], 64, "nothing to compare"),
      (["compare", "--", "nosuchprogram"], 64, "nosuchprogram"),
      (["compare", "--allocators", "jemallok", "--", "true"], 64, "did you mean 'jemalloc'?"),
      (["compare", "--allocators", "/nonexistent/x.so", "--", "true"], 64, "/nonexistent/x.so"),
      (["compare", "--allocators", "/bin/true", "--", "true"], 64, "no shared library"),
      (["compare", "--arm", "noequals"], 64, "NAME=COMMAND"),
      (["compare", "--arm", "a='open"], 64, "quotation"),
      (["compare", "--arm", "a=true", "--arm", "a=true"], 64, "two arms"),
      (["show", "nosuchsession"], 64, "nosuchsession"),
      (["export", "--format", "pdf"], 64, "pdf"),
      (["list", "workload"], 64, "workloads"),
      (["build", "--variant", "glibc/dynamic/nothing"], 64, "unknown allocator"),
    ] as [([String], Int32, String)])
  func `a mistake gets one clear message and the right exit code`(
    arguments: [String], status: Int32, message: String
  ) throws {
    let binary = try HeapscaleBinary()
    _ = try binary.measure("compare", "--allocators", "glibc", "--trials", "1", "--warmup", "0", "--", "true")
    var all = arguments
    if !["list", "build"].contains(arguments[0]) {
      all.insert(contentsOf: ["--store", binary.store], at: all.firstIndex(of: "--") ?? all.endIndex)
    }
    let run = try binary.start(all).1()
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(!run.errors.contains("Fatal error"))
  }

  @Test func `an unknown key in a plan is located`() throws {
    let binary = try HeapscaleBinary()
    let plan = try binary.file("p.yaml", "title: x\nworkloads: [larson]\ntrails: 3\n")
    let run = try binary.run("run", plan, "--store", binary.store)
    #expect(run.status == 64)
    #expect(run.errors.contains("p.yaml:3:1: plan: unknown key 'trails'; did you mean 'trials'?"))
  }

  @Test func `a store that is a folder or another file is left as it is`() throws {
    let binary = try HeapscaleBinary()
    let text = try binary.file("notes.txt", "my notes, which are longer than any header of a database")
    for (path, message) in [(binary.folder.path, "folder"), (text, "not a SQLite database")] {
      let run = try binary.run(
        "compare", "--allocators", "glibc", "--trials", "1", "--store", path, "--", "true")
      #expect(run.status == 64)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix("my notes"))
  }

  @Test func `a store of a newer schema is refused with both versions`() throws {
    let binary = try HeapscaleBinary()
    _ = try binary.measure("compare", "--allocators", "glibc", "--trials", "1", "--warmup", "0", "--", "true")
    let sqlite = Process()
    sqlite.executableURL = URL(filePath: "/usr/bin/env")
    sqlite.arguments = ["sqlite3", binary.store, "PRAGMA user_version = 999"]
    try sqlite.run()
    sqlite.waitUntilExit()
    try #require(sqlite.terminationStatus == 0)
    let run = try binary.run("show", "--store", binary.store)
    #expect(run.status == 64)
    #expect(run.errors.contains("999"), "\(run.errors)")
  }

  @Test(.enabled(if: geteuid() == 0, "needs root to mount a small disk"))
  func `a full disk ends the run with one message, and what was stored stays whole`() throws {
    let binary = try HeapscaleBinary()
    let disk = binary.folder.appending(path: "disk").path
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    try #require(mount("tmpfs", disk, "tmpfs", 0, "size=320k") == 0)
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let store = disk + "/store.sqlite"
    let run = try binary.run(
      "compare", "--allocators", "glibc", "--trials", "3000", "--rate", "1000", "--store", store, "--quiet",
      "--",
      "true")
    #expect(run.status == 6, "\(run.errors)")
    #expect(run.errors.contains("full"), "\(run.errors)")
    let shown = try binary.run("show", "--list", "--store", store)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("interrupted"), "\(shown.output)")
  }
}
