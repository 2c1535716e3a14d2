import Foundation
import Model
import Testing

@testable import Reports

@Suite struct HTMLPageTests {
  private static func page(_ contents: PageContents) throws -> String {
    try SessionPage.render(contents, options: ReportOptions())
  }

  @Test func `sections stand in the order of reading`() throws {
    let page = try HTMLPageTests.page(try SyntheticPage.contents(settings: 2))
    let ids = page.matches(of: #/<section id="([a-z]+)"/#).map { String($0.1) }
    #expect(
      ids == [
        "verdict", "matrix", "effects", "curves", "memory", "pareto", "latency", "events", "audit",
        "identity", "host",
        "trials", "reproduce",
      ])
    for id in ids { #expect(page.contains("<a href=\"#\(id)\">")) }
  }

  @Test func `a section without content is left out, or says why in one line`() throws {
    let page = try HTMLPageTests.page(PageContents(result: SampleSession.result))
    for id in ["effects", "curves", "audit", "trials"] { #expect(!page.contains("<section id=\"\(id)\"")) }
    #expect(page.contains("Nothing was compared"))
  }

  @Test func `a page may run and style nothing but its own parts, and asks for nothing`() throws {
    let page = try HTMLPageTests.page(try SyntheticPage.contents())
    let style = try #require(page.firstMatch(of: #/<style>((.|\n)*?)</style>/#)).1
    let script = try #require(page.firstMatch(of: #/<script>((.|\n)*?)</script>/#)).1
    #expect(page.contains("default-src 'none'; style-src 'sha256-\(base64Digest(String(style)))'"))
    #expect(page.contains("script-src 'sha256-\(base64Digest(String(script)))'"))
    for word in ["http:", "https:", " src=", "@import", "url(", " style=", "<link", "<iframe", "<img"] {
      let found = page.ranges(of: word).map { page[$0.lowerBound...].prefix(40) }
        // The namespaces of SVG and HTML are names, not addresses.
        .filter { !$0.hasPrefix("http://www.w3.org/") }
      #expect(found.isEmpty, "\(word): \(found)")
    }
  }

  @Test func `all scripts together stay below 15 kB`() { #expect(Assets.script.utf8.count < 15_000) }

  @Test func `identifiers are unique, and what refers to one finds it`() throws {
    let page = try HTMLPageTests.page(try SyntheticPage.contents(variants: 3, workloads: 3, settings: 3))
    let ids = page.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
    let references = page.matches(of: #/(?:href="#|for="|aria-labelledby=")([^"]+)"/#).flatMap {
      $0.1.split(separator: " ")
    }
    #expect(references.count > 20)
    for reference in references { #expect(ids.contains(String(reference)), "\(reference)") }
  }

  @Test func `a chosen metric is shown first, and an unknown one is named`() throws {
    let contents = PageContents(result: SampleSession.result)
    let page = try SessionPage.render(contents, options: ReportOptions(metrics: ["cpu"]))
    #expect(
      page.contains(
        "<option value=\"cpu\" title=\"user and system time of the process and its children\" selected>"))
    let error = #expect(throws: ReportError.self) {
      try SessionPage.render(contents, options: ReportOptions(metrics: ["cpo"]))
    }
    #expect(error?.description.contains("did you mean 'cpu'?") == true)
  }

  @Test func `a chart of curves says how many readings it leaves out`() throws {
    let bytes = ResidentSeries(
      samples: (0..<5000).map {
        ResidentSeries.Sample(time: Nanoseconds(Int64($0)), resident: Bytes(Int64($0 % 97)), live: nil)
      }, marks: [], missedTicks: 4)
    var contents = try SyntheticPage.contents(variants: 1, workloads: 1)
    contents.curves = [
      CellCurve(cellKey: contents.result.cells[0].cell.key, block: 0, series: bytes, columns: 100)
    ]
    let page = try HTMLPageTests.page(contents)
    #expect(page.contains("200 of 5000 readings") && page.contains("4 readings were due"))
  }

  @Test func `a small page stays as it was recorded`() throws {
    let page = try HTMLPageTests.page(try SyntheticPage.contents(variants: 2, workloads: 1, settings: 2))
    try Golden.expect(HTMLPageTests.withoutAssets(page), is: "page.html")
  }

  /// The page without what is the same on every page.
  static func withoutAssets(_ page: String) -> String {
    page.replacing(#/<style>(.|\n)*?</style>/#, with: "<style></style>")
      .replacing(#/<script>(.|\n)*?</script>/#, with: "<script></script>")
      .replacing(#/sha256-[^']*/#, with: "sha256-")
  }

  @Test func `a plan is written as the reader of plans takes it`() throws {
    let plan = try SyntheticPage.contents(variants: 1, workloads: 1, settings: 2).result.session.plan
    #expect(
      PlanYAML.text(plan) == """
        title: "A page of everything"
        trials: 7
        warmup: 1
        seed: 42
        rate: 100
        reference: glibc/dynamic/glibc
        time_limit: 60000ms
        workloads:
          - larson: {threads: 2, seed: 1}
        variants:
          - glibc/dynamic/glibc
        settings:
          tight: {environment: {MALLOC_CONF: "narenas:1"}}

        """)
    #expect(PlanYAML.text(HostileSession.result.session.plan) == nil)
  }
}
