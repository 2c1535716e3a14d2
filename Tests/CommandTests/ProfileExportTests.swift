import Foundation
import Testing

/// What `heapscale profile` writes for other programs, opened by them.
@Suite struct ProfileExportTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  private func path(_ name: String) -> String { binary.folder.appending(path: name).path }

  private static var go: String? {
    let own = HeapscaleBinary.root.appending(path: ".tools/python/go/bin/go").path
    let found = [own, "/usr/local/go/bin/go", "/usr/bin/go"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    return found
  }

  /// Runs a program of the tests; its output when it ends well.
  private static func output(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: data, as: UTF8.self)
  }

  @Test(.enabled(if: ProfileExportTests.go != nil, "Go is not installed: Scripts/bootstrap"))
  func `go tool pprof names the function that touches the block first`() throws {
    let run = try binary.run(
      "profile", "--workload", "touch", "--no-simulate", "--quiet", "--pprof", path("touch.pb.gz"))
    #expect(run.status == 0, "\(run.errors)")
    let go = try #require(ProfileExportTests.go)
    let lines = try ProfileExportTests.output(go, ["tool", "pprof", "-top", path("touch.pb.gz")])
      .split(separator: "\n")
    let head = try #require(lines.firstIndex { $0.contains("flat%") }, "\(lines)")
    #expect(lines[head + 1].contains("touch_every_page"), "\(lines[head + 1])")
    #expect(lines.contains { $0.contains("Type: resident") })
  }

  @Test func `a saved result gives the same page and the same exports, and nothing runs`() throws {
    let first = try binary.run(
      "profile", "--workload", "touch", "--no-simulate", "--quiet", "--json", path("first.json"),
      "--collapsed", path("first.txt"), "--csv", path("first.csv"))
    #expect(first.status == 0, "\(first.errors)")
    let again = try binary.run(
      "profile", "--from", path("first.json"), "--json", path("again.json"), "--collapsed", path("again.txt"),
      "--csv", path("again.csv"), "--flamegraph", path("flame.html"), "--speedscope", path("scope.json"))
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output == first.output)
    #expect(!again.errors.contains("sampling"))
    for name in ["json", "txt", "csv"] {
      let pair = try ["first", "again"].map {
        try String(contentsOfFile: path("\($0).\(name)"), encoding: .utf8)
      }
      #expect(pair[0] == pair[1], "\(name)")
    }
    let collapsed = try String(contentsOfFile: path("first.txt"), encoding: .utf8)
    #expect(collapsed.split(separator: "\n").contains { $0.contains("main;touch_every_page ") })
    let page = try String(contentsOfFile: path("flame.html"), encoding: .utf8)
    #expect(page.contains("touch_every_page"))
    for outside in ["src=\"http", "href=\"http", "@import", "fetch("] { #expect(!page.contains(outside)) }
    let scope = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path("scope.json"))))
    let schema = (scope as? [String: Any])?["$schema"] as? String
    #expect(schema == "https://www.speedscope.app/file-format-schema.json")
  }

  @Test func `a damaged result is refused and nothing is written`() throws {
    let damaged = try binary.file(
      "damaged.json", "{\"schema\":\"heapscale-profile-result/1\",\"profile\":{}}")
    for file in [damaged, path("missing.json")] {
      let run = try binary.run("profile", "--from", file, "--flamegraph", path("flame.html"))
      #expect(run.status == 64, "\(run.errors)")
      #expect(run.errors.contains(file) && run.errors.contains("--json"), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: path("flame.html")))
    }
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/perf"), "needs perf: linux-perf"))
  func `perf data is perf's own and perf reports on it`() throws {
    let run = try binary.run(
      "profile", "--workload", "touch", "--no-simulate", "--quiet", "--perf-data", path("perf.data"))
    #expect(run.status == 0, "\(run.errors)")
    let report = try ProfileExportTests.output(
      "/usr/bin/perf", ["report", "--stdio", "--no-children", "-g", "none", "-i", path("perf.data")])
    let first = report.split(separator: "\n").first { !$0.hasPrefix("#") && $0.contains("%") } ?? ""
    #expect(first.contains("touch_every_page"), "\(report.prefix(600))")
    let left = try FileManager.default.contentsOfDirectory(atPath: binary.folder.path)
    #expect(!left.contains { $0.contains("partial") }, "\(left)")
  }

  @Test func `without perf the message says what to install, and no file appears`() throws {
    let run = try binary.start(
      ["profile", "--perf-data", path("perf.data"), "--quiet", "--", "/bin/true"],
      environment: ["PATH": binary.folder.path]
    ).1()
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.errors.contains("linux-perf"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("perf.data")))
  }
}
