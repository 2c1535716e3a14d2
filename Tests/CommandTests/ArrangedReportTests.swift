import Foundation
import Testing

/// Reports that arrange one session or several: libc, trend, diff.
@Suite struct ArrangedReportTests {
  private static let measuring = [
    "--workload", "sawtooth:peak=4MiB,idle=20ms", "--scale", "quick", "--variant", "glibc/dynamic",
    "--variant", "glibc/static", "--warmup", "0", "--trials", "2",
  ]

  private static func session(_ binary: HeapscaleBinary) throws -> String {
    let json = binary.folder.appending(path: "\(UUID().uuidString).json").path
    let run = try binary.start(
      ["run"] + measuring + ["--store", binary.store, "--quiet", "--json", json]
    ).1()
    let document = try Document(path: json, run)
    return try #require((document.root["session"] as? [String: Any])?["id"] as? String)
  }

  @Test func `two sessions become a trend, a diff page and libc reports`() throws {
    let binary = try HeapscaleBinary()
    let first = try ArrangedReportTests.session(binary)
    let alone = try binary.run("trend", "--store", binary.store)
    #expect(alone.status == 64 && alone.errors.contains("measured in one session only"))
    let second = try ArrangedReportTests.session(binary)
    let (page, json) = (binary.folder.appending(path: "a.html"), binary.folder.appending(path: "a.json"))

    let trend = try binary.run(
      "trend", "--store", binary.store, "--variant", "glibc/static", "--html", page.path, "--json", json.path)
    #expect(trend.status == 0 && trend.output.contains(first) && trend.output.contains(second))
    #expect(try Document(path: json.path, trend).root["schema"] as? String == "heapscale-trend/1")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("heapscale trend"))

    let diff = try binary.run("report", first, second, "--store", binary.store, "--html", page.path)
    #expect(diff.status == 0)
    #expect(try String(contentsOf: page, encoding: .utf8).contains("\(second) against \(first)"))

    let libc = try binary.run(
      "report", "--store", binary.store, "--template", "libc", "--html", page.path, "--json", json.path)
    #expect(libc.status == 0)
    #expect(try Document(path: json.path, libc).root["schema"] as? String == "heapscale-libc/1")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("Only the linkage changes"))
    let shown = try binary.run("show", "--store", binary.store, "--template", "libc")
    #expect(shown.status == 0 && shown.output.contains("glibc/static against glibc/dynamic"))
  }

  private static let wrong: [(arguments: [String], word: String)] = [
    (["trend", "--metric", "peak_residant"], "peak_resident"),
    (["trend", "--workload", "sawtoth"], "sawtooth"),
    (["trend", "--variant", "glibc"], "glibc"),
    (["trend", "--last", "1"], "2 or more"),
    (["trend", "--html", "/nowhere/x.html"], "/nowhere"),
    (["show", "--template", "libs"], "libc"),
    (["report", "--template", "libs", "--html", "-"], "libc"),
    (["report", "--template", "libc", "--csv", "-"], "--json"),
    (["report", "latest", "latest", "--html", "-"], "both are session"),
    (["diff", "latest", "latest", "--html", "-"], "name two"),
  ]

  @Test func `wrong inputs are refused with what would be right`() throws {
    let binary = try HeapscaleBinary()
    _ = try ArrangedReportTests.session(binary)
    for (arguments, word) in ArrangedReportTests.wrong {
      let run = try binary.start(arguments + ["--store", binary.store]).1()
      #expect(run.status == 64, "\(arguments)")
      #expect(run.errors.contains(word), "\(arguments): \(run.errors)")
      #expect(!run.output.contains("<html"))
    }
  }
}
