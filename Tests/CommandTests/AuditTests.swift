import Foundation
import Testing

/// Settings as a user sees them: audited by a command, before a run, in every output.
@Suite struct AuditTests {
  @Test func `audit proves what a setting became, also in a preloaded and in a static program`() throws {
    let binary = try HeapscaleBinary()
    let json = binary.folder.appending(path: "audit.json").path
    let run = try binary.run(
      "audit", "--variant", "glibc/preload/jemalloc", "--variant", "glibc/static/tcmalloc-minimal", "--set",
      "MALLOC_CONF=narenas:1,lg_chunk:20", "--set", "TCMALLOC_RELEASE_RATE=7", "--json", json)
    #expect(run.status == 0, "\(run.errors)")
    let document = try Document(path: json, run)
    let audits = try #require(document.root["audits"] as? [[String: Any]])
    let verdicts = audits.map { audit in
      (audit["audit"] as? [[String: Any]] ?? []).map { $0["verdict"] as? String ?? "" }
    }
    #expect(
      verdicts == [["accepted", "rejected-unknown", "inert"], ["inert", "inert", "accepted"]], "\(run.output)"
    )
    #expect(run.output.contains("Invalid conf pair: lg_chunk:20"))
    let strict = try binary.run("audit", "--set", "MALLOC_CONF=narenas:1", "--strict")
    #expect(strict.status == 64 && strict.output.contains("inert"))
  }

  @Test func `a user's own static program is audited by running it`() throws {
    let binary = try HeapscaleBinary()
    let source = try binary.file(
      "app.c", "#include <stdlib.h>\nint main(void) { free(malloc(100)); return 0; }\n")
    let app = binary.folder.appending(path: "app").path
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/cc")
    compiler.arguments = [
      "-static", "-O1", "-fno-builtin", source, "-o", app, "-l:libjemalloc.a", "-lstdc++", "-lm", "-pthread",
    ]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
    let run = try binary.run("audit", "--set", "MALLOC_CONF=narenas:3,tcache:1", "--", app)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("opt.narenas: 3 (without it:"), "\(run.output)")
    #expect(run.output.contains("Invalid conf value: tcache:1"))
    let preload = try binary.run(
      "audit", "--allocators", "tcmalloc", "--set", "TCMALLOC_RELEASE_RATE=2", "--", "true")
    #expect(preload.output.contains("FLAGS_tcmalloc_release_rate: 2 (without it: 1)"), "\(preload.errors)")
  }

  @Test func `a strict run stops before its first trial, and stores nothing`() throws {
    let binary = try HeapscaleBinary()
    let run = try binary.run(
      "run", "--workload", "glibc-simple", "--scale", "quick", "--settings", "a=MALLOC_MMAP_THRESHOLD_=1M",
      "--strict", "--store", binary.store)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.errors.contains("'1M' was read as 1 byte: every malloc becomes an mmap"))
    let listed = try binary.run("show", "--list", "--store", binary.store)
    #expect(!listed.output.contains("glibc-simple"), "\(listed.output)")
  }

  @Test func `each cell carries its audit and its effect, and the stored session keeps them`() throws {
    let binary = try HeapscaleBinary()
    let (run, json) = try binary.measure(
      "run", "--workload", "sawtooth:peak=8MiB,cycles=1,idle=0ms", "--variant", "glibc/dynamic/jemalloc",
      "--variant",
      "glibc/dynamic", "--settings", "decay@jemalloc=MALLOC_CONF=dirty_decay_ms:0", "--ladder",
      "MALLOC_ARENA_MAX=1", "--trials", "6")
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count == 5)
    let cell = try #require(
      json.cells.first { ($0["settings"] as? [String: Any])?["name"] as? String == "decay" })
    let audit = try #require((cell["audit"] as? [[String: Any]])?.first)
    #expect(audit["verdict"] as? String == "accepted" && audit["readback"] as? String == "0")
    #expect(audit["baseline"] as? String == "10000" && audit["key"] as? String == "dirty_decay_ms")
    let effect = try #require(Document.metric(cell, "retained_resident")["effect"] as? [String: Any])
    #expect(try #require(effect["high"] as? Double) < 0, "what is purged at once is not retained")
    let shown = try binary.run("show", "--store", binary.store)
    #expect(
      shown.output.contains("What the settings changed") && shown.output.contains("opt.dirty_decay_ms: 0"))
  }

  @Test func `a cell whose settings are all inert is not measured again, and the table says why`() throws {
    let binary = try HeapscaleBinary()
    let arguments = [
      "run", "--workload", "glibc-simple", "--scale", "quick", "--variant", "glibc/dynamic", "--settings",
      "idle=MALLOC_CONF=narenas:1", "--trials", "2", "--store", binary.store,
    ]
    let run = try binary.start(arguments).1()
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("every setting is inert here (--measure-inert"), "\(run.output)")
    #expect(run.errors.contains("glibc/dynamic/glibc · idle"), "\(run.errors)")
    #expect(!run.output.contains("trials are missing"), "\(run.output)")
    let again = try binary.start(arguments + ["--measure-inert"]).1()
    #expect(again.status == 0 && !again.output.contains("every setting is inert here"), "\(again.output)")
  }

  @Test
  func `LD_PRELOAD on a Go program without cgo is refused, or said to do nothing, before anything runs`()
    throws
  {
    let binary = try HeapscaleBinary()
    let audit = try binary.run("audit", "--variant", "none/static", "--set", "LD_PRELOAD=libjemalloc.so.2")
    try #require(audit.status == 0, "\(audit.errors)")
    #expect(audit.output.contains("inert") && audit.output.contains("no dynamic linker reads LD_PRELOAD"))
    let cache = HeapscaleBinary.root.appending(path: ".cache/targets").path
    let built = try FileManager.default.contentsOfDirectory(atPath: cache).first {
      $0.hasPrefix("goprobe@none")
    }
    let program = "\(cache)/\(try #require(built))/goprobe"
    let refused = try binary.run("compare", "--allocators", "jemalloc", "--", program)
    #expect(refused.status == 64 && refused.errors.contains("LD_PRELOAD has no effect on it"))
  }

  @Test(arguments: [
    (["audit"], "nothing to audit"), (["audit", "--set", "X"], "NAME=VALUE"),
    (["audit", "--set", "X=1", "--set", "X=2"], "set twice"),
    (["audit", "--variant", "glibc/static/scudo", "--set", "X=1"], "known: glibc/preload/scudo"),
    (["audit", "quick", "--set", "X=1"], "a plan brings its own"),
    (["audit", "--set", "X=1", "--variant", "musl/static", "--", "true"], "--allocators"),
    (["run", "--workload", "larson", "--ladder", "MALLOC_CONF=1"], "name the key of the ladder"),
    (["run", "--workload", "larson", "--settings", "a@jemalloc=X=1"], "no variant of this plan"),
  ])
  func `a mistake about settings is explained`(arguments: [String], expected: String) throws {
    let run = try HeapscaleBinary().start(arguments).1()
    #expect(run.status == 64 && run.errors.contains(expected), "\(run.errors)")
  }
}
