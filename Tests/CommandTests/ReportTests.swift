import Foundation
import Testing

@Suite struct ReportTests {
  @Test func `a page is written for a stored session, and its path printed`() throws {
    let binary = try HeapscaleBinary()
    _ = try binary.measure("run", "--workload", "sawtooth:peak=2MiB,cycles=1,idle=20ms", "--trials", "2")
    let file = binary.folder.appending(path: "page.html").path
    let run = try binary.run("report", "--store", binary.store, "--html", file)
    #expect(run.status == 0, "\(run.errors)")
    let page = try String(contentsOfFile: file, encoding: .utf8)
    for id in ["verdict", "matrix", "curves", "memory", "identity", "host", "trials", "reproduce"] {
      #expect(page.contains("<section id=\"\(id)\""), "\(id)")
    }
    #expect(page.contains("class=\"main\" d=\"M"))
  }

  @Test func `run and show write the same page`() throws {
    let binary = try HeapscaleBinary()
    let first = binary.folder.appending(path: "run.html").path
    let second = binary.folder.appending(path: "show.html").path
    _ = try binary.measure(
      "run", "--workload", "sawtooth:peak=2MiB,cycles=1,idle=20ms", "--trials", "2", "--html", first)
    let show = try binary.run("show", "--store", binary.store, "--html", second)
    #expect(show.status == 0, "\(show.errors)")
    #expect(try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: second)))
  }

  @Test func `the plan on the page can be run again`() throws {
    let binary = try HeapscaleBinary()
    _ = try binary.measure(
      "run", "--workload", "larson:threads=1,operations=1000", "--variant", "glibc/dynamic", "--trials", "1",
      "--settings",
      "few=GLIBC_TUNABLES=glibc.malloc.arena_max=1", "--seed", "77")
    let page = try binary.run("report", "--store", binary.store, "--html", "-").output
    let found = try #require(page.firstMatch(of: #/<pre tabindex="0">(title: (.|\n)*?)</pre>/#))
    let text = found.1.replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
    let plan = try binary.file("plan.yaml", String(text))
    let dry = try binary.run("run", plan, "--dry-run", "--store", binary.store)
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(
      dry.output.contains("2 cells × 2 blocks") || dry.output.contains("2 cells × 1 blocks"), "\(dry.output)")
    #expect(dry.output.contains("few"))
  }

  @Test func `other formats stand beside the page, and several sessions take no single file`() throws {
    let binary = try HeapscaleBinary()
    _ = try binary.measure("run", "--workload", "larson:threads=1,operations=1000", "--trials", "1")
    let csv = binary.folder.appending(path: "values.csv").path
    let run = try binary.run("report", "--store", binary.store, "--json", "-", "--csv", csv)
    #expect(run.status == 0 && run.output.contains("\"schema\": \"heapscale/2\""))
    #expect(FileManager.default.fileExists(atPath: csv))
    let both = try binary.run("report", "latest", "latest", "--store", binary.store, "--json", "-")
    #expect(both.status == 64 && both.errors.contains("takes one session"))
    let unknown = try binary.run(
      "report", "--store", binary.store, "--metrics", "peak_residnt", "--html", "-")
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'peak_resident'?"))
  }
}
