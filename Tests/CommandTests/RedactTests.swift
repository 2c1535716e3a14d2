import Foundation
import Testing

/// Reports for others hold nothing of who made them, and where.
@Suite struct RedactTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  private func file(_ name: String) -> String { binary.folder.appending(path: name).path }

  @Test func `no medium holds a folder, a secret or a name`() throws {
    let folder = "customer-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: file(folder), withIntermediateDirectories: true)
    let one = try binary.file("\(folder)/job.sh", "#!/bin/sh\necho at $0 >&2\nexit 3\n")
    let other = try binary.file("job.sh", "#!/bin/sh\nexit 0\n")
    for path in [one, other] { chmod(path, 0o755) }
    let names = ["j.json", "p.html", "t.md", "v.csv"]
    let outputs = zip(["--json", "--html", "--markdown", "--csv"], names).flatMap { [$0, file($1)] }
    let measured = try binary.start(
      [
        "compare", "--trials", "2", "--warmup", "0", "--store", binary.store, "--redact",
        "--arm", "a=\(one) --password hunter2", "--arm", "b=\(other)", "--settings", "s=API_TOKEN=hunter2",
      ] + outputs
    ).1()
    #expect(measured.status == 3, "\(measured.errors)")
    var texts = ["standard output": measured.output]
    for name in names { texts[name] = try String(contentsOfFile: file(name), encoding: .utf8) }
    for (name, arguments) in [
      "show": ["show", "--redact"], "host": ["show", "--host", "--redact"],
      "session": ["export", "--format", "session", "--redact"],
      "openmetrics": ["export", "--format", "openmetrics", "--redact"],
      "report": ["report", "--html", "-", "--redact"], "curve": ["show", "--curve", "b", "--redact"],
    ] {
      let run = try binary.start(arguments + ["--store", binary.store]).1()
      #expect(run.status == 0, "\(name): \(run.errors)")
      texts[name] = run.output
    }
    for (name, text) in texts {
      for secret in [
        folder, "hunter2", binary.folder.lastPathComponent, NSUserName() == "root" ? "\u{0}" : NSUserName(),
      ] {
        #expect(!text.contains(secret), "\(name) holds \(secret)")
      }
      #expect(text.contains("job.sh") || text.contains("a"), "\(name)")
    }
    #expect(texts["p.html"]?.contains("Left out: host and user") == true)
    // Two programs of one name in two folders stay two.
    #expect(texts["host"]?.contains("…2/job.sh") == true, "\(texts["host"] ?? "")")
    // The store is as it was, and says so where nobody asks for less.
    let whole = try binary.run("report", "--html", "-", "--store", binary.store)
    #expect(
      whole.output.contains(folder) && whole.output.contains("hunter2")
        && whole.output.contains("with --redact"))
  }

  @Test func `a profile is redacted in all its files`() throws {
    let source = try binary.file(
      "p.c",
      "#include <stdlib.h>\nint main(void) { char *p = malloc(9 << 20); for (int i = 0; i < 9 << 20; i += 4096) p[i] = 1; return !p; }\n"
    )
    let program = file("profiled")
    try #require(try shell(["cc", "-g", "-o", program, source]) == 0)
    let names = ["j.json", "f.html", "t.md", "c.txt", "s.json"]
    let outputs = zip(["--json", "--flamegraph", "--markdown", "--collapsed", "--speedscope"], names).flatMap
    { [$0, file($1)] }
    let run = try binary.start(
      ["profile", "--no-simulate", "--redact"] + outputs + ["--", program, "--token=hunter2"]
    ).1()
    #expect(run.status == 0, "\(run.errors)")
    var texts = [run.output]
    for name in names { texts.append(try String(contentsOfFile: file(name), encoding: .utf8)) }
    for text in texts {
      #expect(!text.contains(binary.folder.lastPathComponent) && !text.contains("hunter2"))
      #expect(text.contains("main"))
    }
  }
}
