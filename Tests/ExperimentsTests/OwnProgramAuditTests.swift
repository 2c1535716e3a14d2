import Foundation
import Model
import Testing

@testable import Experiments

/// Settings of the user's own programs: asked in them, not in a program of ours.
@Suite struct OwnProgramAuditTests {
  private func audit(_ command: [String], _ text: String..., variant: String = "glibc/dynamic") async throws
    -> AuditRecord
  {
    let settings = PublicSettings(variant, text, outcomes: [])
    let record = try await AuditBench().audit(
      .command(arm: "own", arguments: command), variant, settings.environment)
    return try #require(record)
  }

  private func verdicts(_ record: AuditRecord) -> [String] {
    record.entries.map { "\($0.name) \($0.verdict.rawValue) \($0.readback ?? "-")" }
  }

  @Test func `a program that links jemalloc is asked itself`() async throws {
    let program = try OwnProgram(
      """
      #include <stdio.h>
      #include <stdlib.h>
      int mallctl(const char *, void *, size_t *, void *, size_t);
      int main(void) { unsigned n = 0; size_t s = sizeof n; free(malloc(10)); mallctl("opt.narenas", &n, &s, 0, 0);
        printf("%u", n); return 0; }
      """, "-l:libjemalloc.so.2")
    let record = try await audit([program.path], "MALLOC_CONF=narenas:3", "MALLOC_ARENA_MAX=2")
    #expect(verdicts(record) == ["MALLOC_CONF narenas accepted 3", "MALLOC_ARENA_MAX inert -"])
    #expect(record.process.hasPrefix("the command itself") && record.process.contains("libjemalloc.so.2"))
  }

  @Test func `a program that carries jemalloc in its own file is asked itself`() async throws {
    let program = try OwnProgram(
      "#include <stdlib.h>\nint main(void) { free(malloc(10)); return 0; }",
      "-Wl,--whole-archive", "-l:libjemalloc.a", "-Wl,--no-whole-archive", "-lstdc++", "-lm", "-rdynamic")
    let record = try await audit([program.path], "MALLOC_CONF=dirty_decay_ms:7")
    #expect(verdicts(record) == ["MALLOC_CONF dirty_decay_ms accepted 7"])
    #expect(record.process.contains("malloc is served by \(program.path)"), "\(record.process)")
  }

  @Test func `redis is asked itself, because Debian's links jemalloc`() async throws {
    let record = try await audit(["redis-server", "--version"], "MALLOC_CONF=dirty_decay_ms:0")
    #expect(verdicts(record) == ["MALLOC_CONF dirty_decay_ms accepted 0"])
  }

  @Test func `a variable whose name stands in the program is not called inert`() async throws {
    let record = try await audit(
      ["/usr/bin/python3", "-c", "pass"], "PYTHONMALLOC=malloc", "HEAPSCALE_UNHEARD_OF=1",
      "MALLOC_ARENA_MAX=2")
    #expect(
      verdicts(record) == [
        "PYTHONMALLOC unverifiable -", "HEAPSCALE_UNHEARD_OF inert -", "MALLOC_ARENA_MAX accepted 2",
      ])
    #expect(record.process.contains("libc.so.6"), "python holds an entry for malloc, and defines none")
  }

  @Test func `a name in a library that is loaded later, or at the end of a longer name, is found`()
    async throws
  {
    let library = try OwnProgram(
      "#include <stdlib.h>\nconst char *later(void) { return getenv(\"_VENDORED_MALLOC_CONF\"); }", "-shared",
      "-fPIC")
    let program = try OwnProgram(
      """
      #include <dlfcn.h>
      int main(int argc, char **argv) { return argc < 2 || !dlopen(argv[1], RTLD_NOW); }
      """)
    let command = [program.path, library.path]
    let record = try await audit(command, "_VENDORED_MALLOC_CONF=narenas:1", "MALLOC_CONF=narenas:1")
    #expect(record.entries.allSatisfy { $0.verdict == .unverifiable }, "\(record.entries)")
    #expect(record.entries.last?.evidence.contains("as a part of _VENDORED_MALLOC_CONF") == true)
    let without = try await audit([program.path], "_VENDORED_MALLOC_CONF=narenas:1")
    #expect(without.entries.first?.verdict == .inert, "\(without.entries)")
  }

  @Test func `a command that starts the program which does the work is followed to it`() async throws {
    let program = try OwnProgram(
      "#include <stdlib.h>\n#include <string.h>\n"
        + "int main(void) { char *p = malloc(8 << 20); memset(p, 1, 8 << 20); free(p); return 0; }",
      "-Wl,--no-as-needed", "-l:libjemalloc.so.2")
    let record = try await audit(
      ["sh", "-c", "env A=1 \(program.path); true"], "MALLOC_CONF=narenas:5", "MALLOC_ARENA_MAX=1")
    #expect(verdicts(record) == ["MALLOC_CONF narenas accepted 5", "MALLOC_ARENA_MAX inert -"])
    #expect(record.process.hasPrefix("\(program.path), which the command runs"), "\(record.process)")
  }

  @Test func `a background thread that a fork loses is in force only at the start`() async throws {
    let program = try OwnProgram(
      """
      #include <stdlib.h>
      #include <string.h>
      #include <sys/wait.h>
      #include <unistd.h>
      int main(int argc, char **argv) {
        free(malloc(100));
        pid_t child = argc > 1 && !strcmp(argv[1], "nofork") ? 0 : fork();
        if (child) { int status; waitpid(child, &status, 0); return WEXITSTATUS(status); }
        free(malloc(100000));
        _exit(0);
      }
      """)
    let variant = "glibc/preload/jemalloc"
    let settings = "MALLOC_CONF=background_thread:true,narenas:2"
    let record = try await audit([program.path], settings, variant: variant)
    #expect(record.entries.map(\.outcome) == ["accepted at start, without effect after the fork", nil])
    #expect(record.entries.map(\.verdict) == [.acceptedNoEffect, .accepted])
    let without = try await audit([program.path, "nofork"], settings, variant: variant)
    #expect(without.entries.map(\.verdict) == [.accepted, .accepted], "\(without.entries)")
    let starter = try await audit(["sh", "-c", "(\(program.path) nofork); true"], settings, variant: variant)
    #expect(starter.entries.map(\.verdict) == [.accepted, .accepted], "a shell's forks go on as others")
  }

  @Test func `what is compiled in is named beside what is set`() async throws {
    let program = try OwnProgram(
      "#include <stdlib.h>\nconst char *malloc_conf = \"narenas:3,tcache:false\";\n"
        + "int main(void) { free(malloc(10)); return 0; }", "-l:libjemalloc.so.2", "-Wl,--export-dynamic")
    let record = try await audit([program.path], "MALLOC_CONF=narenas:2")
    #expect(record.entries.map(\.baseline) == ["3"] && record.entries.map(\.readback) == ["2"])
    #expect(record.sources == ["compiled into the program as malloc_conf: narenas:3,tcache:false"])
  }

  @Test func `only variables that an allocator of the command reads are named as acting`() async throws {
    let bench = try AuditBench()
    let variant = try Variant(parsing: "glibc/dynamic")
    let plan = Plan(
      title: "test", subjects: [.command(arm: "own", arguments: ["redis-server", "--version"])],
      variants: [variant], settings: [.none], reference: variant, trials: 1, warmupBlocks: 0, seed: 1,
      sampling: Sampling(), limits: Limits())
    let audit = SettingsAudit(
      catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment,
      helperPath: try await bench.builder.launcher())
    let readers = try await audit.readers(of: ["MALLOC_ARENA_MAX=1", "MALLOC_CONF=narenas:1"], plan: plan)
    #expect(readers.map(\.assignment) == ["MALLOC_CONF=narenas:1"] && readers.map(\.reader) == ["jemalloc"])
  }

  /// Nothing is preloaded into programs that change their user.
  @Test(.enabled(if: geteuid() == 0)) func `only a program with the same allocator stands in for a command`()
    async throws
  {
    let source = "#include <stdlib.h>\nint main(void) { free(malloc(10)); return 0; }"
    let own = try OwnProgram(source, "-Wl,--no-as-needed", "-l:libjemalloc.so.2")
    let plain = try OwnProgram(source)
    for path in [own.path, plain.path] {
      #expect(chown(path, 65534, 65534) == 0 && chmod(path, 0o4755) == 0)
    }
    let first = try await audit([own.path], "MALLOC_ARENA_MAX=1")
    #expect(first.process.contains("libjemalloc.so.2") && !first.process.contains("stand-in"))
    #expect(verdicts(first) == ["MALLOC_ARENA_MAX inert -"])
    let second = try await audit([plain.path], "MALLOC_ARENA_MAX=1")
    #expect(second.process.hasPrefix("a stand-in"))
    #expect(verdicts(second) == ["MALLOC_ARENA_MAX accepted 1"])
  }

  @Test func `a program with a malloc of its own is called by its name`() async throws {
    let program = try OwnProgram(
      """
      #include <stddef.h>
      static char pool[1 << 20]; static size_t used;
      void *malloc(size_t size) { used = (used + size + 15) & ~(size_t)15; return pool + used; }
      void free(void *block) { (void)block; }
      int main(void) { free(malloc(1)); return 0; }
      """)
    let record = try await audit([program.path], "MALLOC_ARENA_MAX=2")
    #expect(verdicts(record) == ["MALLOC_ARENA_MAX inert -"])
    #expect(record.entries[0].evidence.hasPrefix("\(program.path) serves malloc here"))
  }

  @Test func `what a settings set preloads into a command decides who reads the rest`() async throws {
    let record = try await audit(
      ["/usr/bin/python3", "-c", "pass"], "LD_PRELOAD=libjemalloc.so.2", "MALLOC_CONF=narenas:2")
    #expect(verdicts(record) == ["LD_PRELOAD accepted -", "MALLOC_CONF narenas accepted 2"])
  }
}

/// A small program that a test compiles.
final class OwnProgram {
  let path: String
  private let folder: URL

  init(_ source: String, _ arguments: String...) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "heapscale-own-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "own.c")
    try source.write(to: file, atomically: true, encoding: .utf8)
    path = folder.appending(path: "own").resolvingSymlinksInPath().path
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/cc")
    compiler.arguments = ["-O1", "-fno-builtin", "-o", path, file.path] + arguments + ["-ldl", "-pthread"]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
