import Foundation
import Testing

/// Who served malloc in what people really run: pipelines, wrappers, programs with an allocator of their own.
@Suite(.serialized) struct ProofTests {
  /// Allocates some 40 MB.
  private static let worker = """
    #include <stdlib.h>
    #include <string.h>
    int main(void) { for (int i = 0; i < 2000; i++) { char *p = malloc(20000); memset(p, 1, 20000); } return 0; }
    """

  /// Defines malloc itself, and holds 40 MB.
  private static let own = """
    #include <stddef.h>
    #include <string.h>
    static char heap[64 << 20];
    static size_t top;
    void *malloc(size_t size) { void *block = heap + top; top += (size + 15) & ~(size_t)15; return block; }
    void free(void *block) { (void)block; }
    void *calloc(size_t count, size_t size) { return malloc(count * size); }
    void *realloc(void *block, size_t size) { return block ? memcpy(malloc(size), block, size) : malloc(size); }
    int main(void) { for (int i = 0; i < 2000; i++) memset(malloc(20000), 1, 20000); return 0; }
    """

  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  private func program(
    _ name: String, _ source: String, _ compiler: [String] = ["cc"], _ libraries: [String] = []
  )
    throws -> String
  {
    let file = try binary.file("\(name).c", source)
    let path = binary.folder.path + "/\(name)"
    try #require(try shell(compiler + ["-O1", "-fno-builtin", "-o", path, file] + libraries) == 0)
    return path
  }

  private func exists(_ tool: String) -> Bool {
    let isThere = (try? shell(["sh", "-c", "command -v \(tool) >/dev/null"])) == 0
    if !isThere { print("skipped: no \(tool)") }
    return isThere
  }

  /// The cell with jemalloc preloaded into a command; the run has two trials.
  private func preloaded(_ command: String...) throws -> (run: HeapscaleBinary.Run, cell: [String: Any]) {
    let arguments = ["compare", "--allocators", "jemalloc", "--trials", "2", "--warmup", "0", "--"] + command
    let (run, json) = try measure(arguments)
    return (run, try json.cell(variant: "glibc/preload/jemalloc"))
  }

  private func measure(_ arguments: [String]) throws -> (run: HeapscaleBinary.Run, json: Document) {
    let json = binary.folder.appending(path: "\(UUID().uuidString).json").path
    var all = arguments
    all.insert(
      contentsOf: ["--store", binary.store, "--json", json, "--quiet"],
      at: all.firstIndex(of: "--") ?? all.endIndex)
    let result = try binary.start(all).1()
    return (result, try Document(path: json, result))
  }

  private func identity(_ cell: [String: Any]) -> (verified: Bool, allocator: String?, evidence: [String]) {
    let identity = cell["identity"] as? [String: Any] ?? [:]
    return (
      identity["verified"] as? Bool == true, identity["allocator"] as? String,
      identity["evidence"] as? [String] ?? []
    )
  }

  private func expectUnverified(
    _ found: (run: HeapscaleBinary.Run, cell: [String: Any]), _ reason: String, outcome: String = "ok",
    _ place: SourceLocation = #_sourceLocation
  ) {
    let proof = identity(found.cell)
    #expect(!proof.verified, sourceLocation: place)
    #expect(proof.evidence.first?.hasPrefix(reason) == true, "\(proof.evidence)", sourceLocation: place)
    #expect(Document.outcomes(found.cell) == [outcome: 2], sourceLocation: place)
    #expect(Document.metric(found.cell, "peak_resident")["ratio"] as? Double == nil, sourceLocation: place)
    #expect(found.run.output.contains("not verified"), "\(found.run.output)", sourceLocation: place)
    #expect(!found.run.output.contains("less peak"), "\(found.run.output)", sourceLocation: place)
    #expect(found.run.status == 3, sourceLocation: place)
  }

  @Test func `a worker of a pipeline that could not start is told of, and nothing is compared`() throws {
    guard exists("musl-gcc") else { return }
    let worker = try program("worker-musl", Self.worker, ["musl-gcc"])
    expectUnverified(try preloaded("sh", "-c", "\(worker) | cat"), "worker-musl could not start")
  }

  @Test func `a child that drops the preload is not verified`() throws {
    let worker = try program("worker", Self.worker)
    expectUnverified(
      try preloaded("sh", "-c", "env -u LD_PRELOAD \(worker); exit 0"), "worker ran without it")
  }

  @Test func `static children and children with a malloc of their own are not verified`() throws {
    let fixed = try program("fixed", Self.worker, ["cc", "-static"])
    expectUnverified(try preloaded("sh", "-c", "\(fixed); true"), "fixed ran without it")
    let own = try program("own", Self.own)
    expectUnverified(try preloaded("sh", "-c", "\(own); true"), "own ran without it")
    let script = try binary.file("run.sh", "#!/bin/sh\nexec env \(own)\n")
    try #require(chmod(script, 0o755) == 0)
    expectUnverified(try preloaded(script), "own ran without it")
  }

  @Test func `wrappers around a program that takes the preload are verified`() throws {
    let worker = try program("worker", Self.worker)
    for command in [["env", "A=b", "nice", worker], ["sh", "-c", "\(worker); true"]] {
      let (run, json) = try measure(
        ["compare", "--allocators", "jemalloc", "--trials", "1", "--warmup", "0", "--"] + command)
      #expect(run.status == 0, "\(run.errors)")
      let found = identity(try json.cell(variant: "glibc/preload/jemalloc"))
      #expect(found.verified && found.allocator == "jemalloc", "\(command): \(found)")
    }
  }

  @Test
  func `a program that brings its own malloc is refused before anything runs, behind a launcher as well`()
    throws
  {
    let own = try program("own", Self.own)
    for command in [[own], ["env", "A=b", own]] {
      let run = try binary.start(
        ["compare", "--store", binary.store, "--allocators", "jemalloc", "--"] + command
      ).1()
      #expect(run.status == 64)
      #expect(run.errors.contains("brings its own malloc"), "\(run.errors)")
    }
  }

  @Test func `a program as it is goes by what serves malloc in it`() throws {
    let linked = try program("linked", Self.worker, ["cc"], ["-Wl,--no-as-needed", "-ljemalloc"])
    let (run, json) = try measure(
      ["compare", "--allocators", "mimalloc", "--trials", "6", "--warmup", "0", "--", linked])
    #expect(run.status == 0, "\(run.errors)")
    let plain = try json.cell(variant: "glibc/dynamic/jemalloc")
    #expect(identity(plain).verified && identity(plain).allocator == "jemalloc")
    #expect(run.output.contains("as it is (jemalloc)"), "\(run.output)")
    #expect(!run.output.contains("than glibc") && !run.output.contains("glibc/dynamic ?"), "\(run.output)")
  }

  @Test func `static programs, and programs behind a shell, are named as well`() throws {
    let own = try program("own", Self.own)
    let wrapped = try measure([
      "compare", "--arm", "a=sh -c '\(own); true'", "--trials", "1", "--warmup", "0",
    ])
    #expect(wrapped.run.output.contains("as it is (own)"), "\(wrapped.run.output)")
    guard exists("musl-gcc") else { return }
    let musl = try program("fixed-musl", Self.worker, ["musl-gcc", "-static"])
    let (run, json) = try measure(["compare", "--arm", "a=\(musl)", "--trials", "1", "--warmup", "0"])
    #expect(identity(json.cells[0]).verified && identity(json.cells[0]).allocator == "musl")
    #expect(run.output.contains("as it is (musl)"), "\(run.output)")
  }

  @Test func `libc itself means the program as it is, and a library by name and by path is one allocator`()
    throws
  {
    let libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
    let folder = try #require(
      libraries.first { FileManager.default.fileExists(atPath: $0 + "/libjemalloc.so.2") })
    let (_, json) = try measure([
      "compare", "--allocators", "glibc,\(folder)/libc.so.6,jemalloc,\(folder)/libjemalloc.so.2", "--trials",
      "1",
      "--warmup", "0", "--", "true",
    ])
    #expect(json.cells.map { $0["variant"] as? String } == ["glibc/dynamic/glibc", "glibc/preload/jemalloc"])
    #expect(json.cells.allSatisfy { identity($0).verified })
  }

  @Test func `a time limit under a preload is a time-out, with the allocator as last seen`() throws {
    let (run, json) = try measure([
      "compare", "--time-limit", "1s", "--allocators", "jemalloc", "--trials", "1", "--warmup", "0", "--",
      "sleep",
      "7778011",
    ])
    #expect(run.status == 3)
    for cell in json.cells { #expect(Document.outcomes(cell) == ["time-out": 1]) }
  }

  @Test func `when all of the warm-up fails in one way the run stops, with a hint`() throws {
    let (run, json) = try measure([
      "compare", "--time-limit", "300ms", "--allocators", "jemalloc", "--trials", "50", "--", "sleep",
      "7778012",
    ])
    #expect(run.status == 3)
    #expect(run.errors.contains("Is this a server?"), "\(run.errors)")
    #expect(!run.output.contains("--resume"), "\(run.output)")
    for cell in json.cells { #expect(Document.outcomes(cell) == ["time-out": 1]) }
  }

  @Test func `a trial that the harness slept through is void and run again`() throws {
    let json = binary.folder.path + "/slept.json"
    let (process, finish) = try binary.start([
      "compare", "--store", binary.store, "--json", json, "--quiet", "--time-limit", "3s", "--allocators",
      "glibc",
      "--trials", "1", "--warmup", "0", "--", "sleep", "2.7778",
    ])
    var waited = 0
    while binary.processes(with: "2.7778").count < 2, waited < 200 {
      usleep(100_000)
      waited += 1
    }
    usleep(500_000)
    kill(process.processIdentifier, SIGSTOP)
    sleep(4)
    kill(process.processIdentifier, SIGCONT)
    let run = finish()
    let document = try Document(path: json, run)
    #expect(run.status == 0, "\(run.errors)")
    #expect(Document.outcomes(document.cells[0]) == ["ok": 1])
  }

  @Test func `a descendant that finds no program is told of`() throws {
    let (run, _) = try measure([
      "compare", "--allocators", "glibc", "--trials", "1", "--warmup", "0", "--", "sh", "-c",
      "(nonexistent-7778); true",
    ])
    #expect(run.status == 0)
    #expect(run.output.contains("exit code 127"), "\(run.output)")
  }

  @Test func `no compiler is needed to preload into a command`() throws {
    let folder = binary.folder.path
    let manager = FileManager.default
    for name in ["bin", "libexec/heapscale", "share/heapscale", "tools", "path"] {
      try manager.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try manager.copyItem(atPath: HeapscaleBinary.path, toPath: "\(folder)/bin/heapscale")
    let workloads = HeapscaleBinary.root.appending(path: "Workloads").path
    try manager.createSymbolicLink(
      atPath: "\(folder)/share/heapscale/Workloads", withDestinationPath: workloads)
    // Everything that a machine has, but for compilers.
    for tool in ["sha256sum", "dpkg", "dpkg-query"] {
      guard let place = ["/usr/bin/", "/bin/"].map({ $0 + tool }).first(where: manager.isExecutableFile)
      else { continue }
      try manager.createSymbolicLink(atPath: "\(folder)/path/\(tool)", withDestinationPath: place)
    }
    let launcher = "\(folder)/libexec/heapscale/heapscale-launch"
    try #require(try shell(["cc", "-static", "-O2", "\(workloads)/support/launch.c", "-o", launcher]) == 0)
    let json = "\(folder)/clean.json"
    let process = Process()
    process.executableURL = URL(filePath: "\(folder)/bin/heapscale")
    process.arguments = [
      "compare", "--store", binary.store, "--json", json, "--quiet", "--allocators", "jemalloc", "--settings",
      "x=MALLOC_CONF=narenas:2", "--trials", "1", "--warmup", "0", "--", "/bin/ls", "/",
    ]
    process.environment = [
      "PATH": "\(folder)/path", "HEAPSCALE_TOOLS": "\(folder)/tools", "HEAPSCALE_CACHE": "\(folder)/cache",
      "HOME": folder,
    ]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    let document = try Document(path: json, HeapscaleBinary.Run(status: 0, output: "", errors: said))
    let cell = try document.cell(variant: "glibc/preload/jemalloc")
    #expect(identity(cell).verified, "\(identity(cell))")
  }
}
