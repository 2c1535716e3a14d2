import Foundation
import Testing

/// `heapscale profile show` and `diff` on files that real programs wrote, beside what other tools say of them.
@Suite struct ProfileFileTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  private func path(_ name: String) -> String { binary.folder.appending(path: name).path }

  private static let jemalloc = "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"
  private static var hasJemalloc: Bool { FileManager.default.fileExists(atPath: jemalloc) }

  private static let keeper = """
    #include <stdlib.h>
    #include <string.h>
    void *volatile kept[4096];
    __attribute__((noinline)) void large(int n) {
      for (int i = 0; i < n; i++) { kept[i] = malloc(1 << 20); memset(kept[i], 1, 4096); }
    }
    __attribute__((noinline)) void small(void) { for (int i = 0; i < 2000; i++) kept[100 + i] = malloc(1024); }
    int main(int argc, char **argv) { large(atoi(argv[1])); small(); return 0; }
    """

  @discardableResult
  private func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws
    -> String
  {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: data, as: UTF8.self)
  }

  private func compile(_ name: String, _ source: String, _ options: [String] = ["-O1", "-g"]) throws {
    let file = try binary.file("\(name).c", source)
    try run("/usr/bin/env", ["cc"] + options + ["-fno-builtin", "-o", path(name), file])
  }

  /// The heap profile of a run under jemalloc.
  private func dump(_ program: String, _ argument: String) throws -> String {
    let prefix = path("dump-\(UUID().uuidString)")
    try run(
      path(program), [argument],
      environment: [
        "LD_PRELOAD": Self.jemalloc,
        "MALLOC_CONF": "prof:true,prof_final:true,lg_prof_sample:12,prof_prefix:\(prefix)",
      ])
    let names = try FileManager.default.contentsOfDirectory(atPath: binary.folder.path)
    let found = names.first { path($0).hasPrefix(prefix) && $0.hasSuffix(".heap") }
    return path(try #require(found))
  }

  /// The share of the first call site in the table.
  private func firstSite(_ output: String) throws -> Substring {
    let lines = output.split(separator: "\n")
    let head = try #require(
      lines.firstIndex { $0.contains("call site") && $0.contains("share") }, "\(output)")
    return lines[head + 2]
  }

  @Test(.enabled(if: hasJemalloc, "needs libjemalloc2"))
  func `jemalloc's file is folded by its own mappings and has the shares of jeprof`() throws {
    try compile("keeper", Self.keeper)
    let heap = try dump("keeper", "15")
    let shown = try binary.run("profile", "show", heap)
    #expect(shown.status == 0, "\(shown.errors)")
    let site = try firstSite(shown.output)
    #expect(site.contains("large") && site.contains("keeper.c:5"), "\(shown.output)")
    #expect(!shown.output.contains("libjemalloc"), "\(shown.output)")
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/jeprof") else { return }
    let text = try run("/usr/bin/jeprof", ["--text", "--show_bytes", path("keeper"), heap])
    let line = try #require(text.split(separator: "\n").first { $0.hasSuffix(" large") }, "\(text)")
    let share = line.split(separator: " ")[1].dropLast()
    #expect(site.contains("\(share) %"), "\(site) \(line)")
  }

  @Test(.enabled(if: hasJemalloc, "needs libjemalloc2"))
  func `the file of another build at the same path names nothing`() throws {
    try compile("keeper", Self.keeper)
    let heap = try dump("keeper", "15")
    // Another program takes the place.
    try compile("keeper", Self.keeper.replacing("large", with: "wrong"), ["-O0", "-g", "-static"])
    let shown = try binary.run("profile", "show", heap)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(!shown.output.contains("wrong"), "\(shown.output)")
    #expect(shown.output.contains("its functions have no names"), "\(shown.output)")
    #expect(try firstSite(shown.output).contains("0x"), "\(shown.output)")
  }

  @Test(.enabled(if: hasJemalloc, "needs libjemalloc2"))
  func `heap columns are in every export`() throws {
    try compile("keeper", Self.keeper)
    let heap = try dump("keeper", "15")
    let shown = try binary.run(
      "profile", "show", heap, "--pprof", path("h.pb.gz"), "--collapsed", path("h.txt"), "--speedscope",
      path("h.json"), "--flamegraph", path("h.html"), "--csv", path("h.csv"), "--json", path("r.json"))
    #expect(shown.status == 0, "\(shown.errors)")
    let again = try binary.run("profile", "show", path("h.pb.gz"))
    #expect(try firstSite(again.output) == firstSite(shown.output))
    let saved = try binary.run("profile", "show", path("r.json"))
    #expect(saved.output == shown.output)
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
    let line = try #require(text("h.txt").split(separator: "\n").first { $0.contains("main;large") })
    #expect(line.hasSuffix(" 15728640"), "\(line)")
    #expect(try text("h.json").contains("live_bytes (sampled)"))
    #expect(try text("h.html").contains("live_bytes"))
    #expect(try text("h.csv").contains("large,keeper,program,live_bytes,B,sampled,15728640"))
  }

  @Test(.enabled(if: hasJemalloc, "needs libjemalloc2"))
  func `the difference of two runs is what the second allocated more`() throws {
    try compile("keeper", Self.keeper)
    let (before, after) = (try dump("keeper", "10"), try dump("keeper", "15"))
    let diff = try binary.run("profile", "diff", before, after, "--collapsed", path("d.txt"))
    #expect(diff.status == 0, "\(diff.errors)")
    let site = try firstSite(diff.output)
    #expect(site.contains("+5.00 MiB") && site.contains("large"), "\(diff.output)")
    let lines = try String(contentsOfFile: path("d.txt"), encoding: .utf8).split(separator: "\n")
    #expect(lines.contains { $0.contains("main;large") && $0.hasSuffix(" 10485760 15728640") }, "\(lines)")
    let back = try binary.run("profile", "diff", after, before)
    #expect(try firstSite(back.output).contains("-5.00 MiB"), "\(back.output)")
  }

  @Test(.enabled(if: hasJemalloc, "needs libjemalloc2"))
  func `a folded function gives way to its caller`() throws {
    try compile("keeper", Self.keeper)
    let heap = try dump("keeper", "15")
    let shown = try binary.run("profile", "show", heap, "--fold", "^(large|small)$")
    #expect(try firstSite(shown.output).contains("main"), "\(shown.output)")
    let bad = try binary.run("profile", "show", heap, "--fold-list", "pyhton")
    #expect(bad.status == 64 && bad.errors.contains("did you mean 'python'"), "\(bad.errors)")
  }

  @Test func `a cut file and a file of another kind are refused, and nothing is written`() throws {
    let cut = try binary.file(
      "cut.heap", "heap_v2/4096\n  t*: 1: 64 [0: 0]\n@ 0x10 0x20\n  t*: 1: 64 [0: 0]\n")
    let mutex = try binary.file("mutex.txt", "--- mutex:\ncycles/second=1\n")
    for (file, word) in [(cut, "is cut off"), (mutex, "a mutex profile"), (path("none"), "cannot be read")] {
      let run = try binary.run("profile", "show", file, "--json", path("x.json"))
      #expect(run.status == 64 && run.errors.contains(word), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: path("x.json")))
    }
  }

  @Test func `a page counts each time that it becomes resident, whether returns are seen or not`() throws {
    try compile(
      "refault",
      """
      #include <string.h>
      #include <sys/mman.h>
      __attribute__((noinline)) void touch(char *p, size_t n) { for (size_t i = 0; i < n; i += 4096) p[i] = 1; }
      int main(void) {
        size_t n = 8 << 20;
        char *p = mmap(0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (int i = 0; i < 40; i++) { touch(p, n); if (i < 39) madvise(p, n, MADV_DONTNEED); }
        return 0;
      }
      """)
    let profiled = try ProfiledRun(binary, ["--no-simulate", "--stack-bytes", "512", "--", path("refault")])
    #expect(profiled.run.status == 0, "\(profiled.run.errors)")
    let growth = try profiled.growth()
    #expect(abs(try growth.at("touch", "resident") / (320 * 1_048_576) - 1) < 0.01)
    if growth.columns.contains("kept") {
      #expect(abs(try growth.at("touch", "kept") / (8 * 1_048_576) - 1) < 0.01)
    } else {
      let notes = growth.profile["notes"] as? [String] ?? []
      #expect(notes.contains { $0.contains("counts each time it faults: 312.0 MiB") }, "\(notes)")
    }
  }
}
