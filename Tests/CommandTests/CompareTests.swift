import Foundation
import Testing

/// The user's own program, with all that can go wrong in it.
@Suite struct CompareTests {
  @Test func `true is small, and every preloaded allocator is proved`() throws {
    let binary = try HeapscaleBinary()
    let (run, json) = try binary.measure("compare", "--trials", "5", "--", "true")
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count >= 6)
    for cell in json.cells {
      let identity = cell["identity"] as? [String: Any] ?? [:]
      #expect(identity["verified"] as? Bool == true, "\(cell["variant"] ?? "")")
      #expect(Document.outcomes(cell) == ["ok": 5])
    }
    let plain = try json.cell(variant: "glibc/dynamic/glibc")
    #expect(try Document.median(plain, "peak_resident") < 4_000_000)
  }

  @Test func `a library that cannot be loaded is never a figure under its name`() throws {
    let binary = try HeapscaleBinary()
    // It defines malloc, so it is accepted; but it needs a library that is then taken away.
    let source = try binary.file(
      "m.c",
      "#include <stddef.h>\nextern int gone(void);\nvoid *malloc(size_t n) { return gone() ? (void *)n : 0; }\nvoid free(void *p) { (void)p; }\n"
    )
    let gone = try binary.file("gone.c", "int gone(void) { return 0; }\n")
    let folder = binary.folder.path
    for arguments in [
      ["cc", "-shared", "-fPIC", "-o", folder + "/libgone.so", gone],
      ["cc", "-shared", "-fPIC", "-o", folder + "/libmine.so", source, "-L" + folder, "-lgone"],
    ] { try #require(try shell(arguments) == 0) }
    try FileManager.default.removeItem(atPath: folder + "/libgone.so")
    let (run, json) = try binary.measure(
      "compare", "--allocators", folder + "/libmine.so", "--trials", "2", "--warmup", "0", "--", "true")
    #expect(run.status == 3)
    let cell = try json.cell(variant: "glibc/preload/libmine")
    #expect(Document.outcomes(cell) == ["preload-failed": 2])
    #expect(Document.metric(cell, "peak_resident")["median"] as? Double == nil)
    #expect(run.output.contains("error while loading shared libraries"), "\(run.output)")
  }

  @Test func `a preload by settings that fails is no figure either`() throws {
    let binary = try HeapscaleBinary()
    let (run, json) = try binary.measure(
      "compare", "--allocators", "glibc", "--settings", "x=LD_PRELOAD=/nonexistent/lib.so", "--trials", "1",
      "--warmup", "0", "--", "true")
    #expect(run.status == 3)
    let names = json.cells.map { ($0["settings"] as? [String: Any])?["name"] as? String }
    #expect(names == ["default", "x"])
    #expect(Document.outcomes(json.cells[1]) == ["preload-failed": 1])
  }

  @Test func `every way to fail is a stored outcome, and the run goes on`() throws {
    let binary = try HeapscaleBinary()
    let source = try binary.file(
      "eat.c",
      "#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\nint main(void) { for (;;) { char *p = malloc(1 << 20); if (!p) return 1; memset(p, 1, 1 << 20); usleep(300); } }\n"
    )
    try #require(try shell(["cc", "-O0", "-o", binary.folder.path + "/eat", source]) == 0)
    let (run, json) = try binary.measure(
      "compare", "--arm", "fine=true", "--arm", "crash=sh -c 'kill -SEGV $$'", "--arm", "hang=sleep 7778001",
      "--arm", "leaves=sh -c 'setsid sleep 7778002 & exit 0'",
      "--arm", "loud=sh -c 'head -c 1000000000 /dev/zero >&2; exit 7'", "--arm",
      "eats=\(binary.folder.path)/eat",
      "--trials", "1", "--warmup", "0", "--time-limit", "6s", "--memory-limit", "128MiB")
    #expect(run.status == 3, "\(run.errors)")
    var seen: [String: [String: Int]] = [:]
    for cell in json.cells { seen[cell["arm"] as? String ?? ""] = Document.outcomes(cell) }
    #expect(
      seen == [
        "fine": ["ok": 1], "crash": ["signal-11": 1], "hang": ["time-out": 1], "leaves": ["ok": 1],
        "loud": ["exit-7": 1], "eats": ["out-of-memory": 1],
      ])
    #expect(run.output.contains("outlived"), "\(run.output)")
    #expect(binary.processes(with: "7778001").isEmpty)
    #expect(binary.processes(with: "7778002").isEmpty)
  }

  @Test func `a static program is refused with the reason`() throws {
    let binary = try HeapscaleBinary()
    let source = try binary.file("s.c", "int main(void) { return 0; }\n")
    let program = binary.folder.path + "/static"
    try #require(try shell(["cc", "-static", "-o", program, source]) == 0)
    let run = try binary.run("compare", "--store", binary.store, "--", program)
    #expect(run.status == 64)
    #expect(run.errors.contains("static program"), "\(run.errors)")
    let alone = try binary.measure(
      "compare", "--arm", "it=\(program)", "--trials", "1", "--warmup", "0")
    #expect(alone.run.status == 0, "\(alone.run.errors)")
  }

  @Test func `JSON keeps the contract`() throws {
    let (_, json) = try HeapscaleBinary().measure(
      "compare", "--allocators", "glibc", "--trials", "6", "--warmup", "0", "--", "true")
    #expect(json.root["schema"] as? String == "heapscale/2")
    let session = try #require(json.root["session"] as? [String: Any])
    #expect(session["seed"] is Int && session["id"] is String && session["started"] is String)
    let cell = try #require(json.cells.first)
    for key in [
      "workload", "parameters", "variant", "libc", "linkage", "allocator", "arch", "settings", "identity",
    ] {
      #expect(cell[key] != nil, "\(key)")
    }
    let ids = [
      "wall", "cpu_user", "cpu_system", "cpu", "throughput", "time_per_op", "malloc_p50", "malloc_p99",
      "malloc_p999",
      "malloc_max", "free_p50", "free_p99", "free_p999", "free_max", "peak_resident", "mean_resident",
      "retained_resident", "residence_half_life", "peak_live", "overhead", "faults_minor", "faults_major",
      "switches_voluntary", "switches_involuntary", "file_size",
    ]
    for id in ids {
      let metric = Document.metric(cell, id)
      #expect(metric["unit"] is String && metric["better"] is String, "\(id)")
      #expect(metric["median"] is Double || metric["unavailable"] is String, "\(id)")
    }
    let wall = Document.metric(cell, "wall")
    #expect((wall["values"] as? [Double])?.count == 6)
    #expect(wall["low"] is Double && wall["high"] is Double && wall["provenance"] as? String == "counted")
  }
}

/// Runs a compiler; gives its exit status.
func shell(_ arguments: [String]) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = arguments
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}
