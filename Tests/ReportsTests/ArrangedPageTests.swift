import Findings
import Foundation
import Model
import Testing

@testable import Reports

/// Pages other than a session's: libc, trend, diff.
@Suite struct ArrangedPageTests {
  /// What an attribute holds, for every place where it stands.
  private static func values(_ attribute: String, in page: String) -> Set<String> {
    Set(page.components(separatedBy: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) })
  }

  /// Nothing foreign acts, nothing is loaded, nothing is styled in place, and no name stands twice.
  private static func expectHarmless(_ page: String, at place: SourceLocation = #_sourceLocation) {
    #expect(page.contains("default-src 'none'"), sourceLocation: place)
    #expect(page.components(separatedBy: "<script>").count == 2, sourceLocation: place)
    #expect(
      !page.contains("<script src") && !page.contains(" style=") && !page.contains("onerror"),
      sourceLocation: place)
    #expect(!page.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) }, sourceLocation: place)
    let ids = page.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count, sourceLocation: place)
  }

  @Test func `every change on a libc page is the JSON's`() throws {
    let report = try LibcReportTests.report()
    let page = try LibcPage.render(report, session: LibcReportTests.session)
    let shown = ArrangedPageTests.values("data-v", in: page)
    let comparisons = report.effects.compactMap(\.comparison)
    let changes =
      comparisons.flatMap(\.judgements).compactMap { $0.effect?.change }
      + comparisons.flatMap(\.means).map(\.effect.change)
    #expect(changes.count > 50)
    for change in changes { #expect(shown.contains(NumberText.rounded(change))) }
    for size in report.sizes { #expect(shown.contains("\(size.size.count)")) }
    ArrangedPageTests.expectHarmless(page)
  }

  @Test func `a libc page says what was not measured, and with what it would be`() throws {
    let report = try LibcReportTests.report(["glibc/dynamic", "glibc/static"])
    let page = try LibcPage.render(report, session: LibcReportTests.session)
    #expect(page.contains("heapscale run … --variant glibc/static --variant musl/static"))
  }

  @Test func `hostile names on a libc page do nothing`() throws {
    let subjects = HostileSession.result.cells.map(\.cell.subject)
    let settings = SettingsSet(name: HostileSession.script + HostileSession.escape, environment: [])
    let report = try LibcReportTests.report(
      ["glibc/dynamic", "musl/dynamic"], subjects: Array(Set(subjects)), settings: settings)
    ArrangedPageTests.expectHarmless(
      try LibcPage.render(report, session: HostileSession.result.session))
  }

  @Test func `every figure on a trend page is the JSON's`() throws {
    let trend = try TrendTextTests.trend(cells: 9)
    let page = try TrendPage.render(trend, version: "0.1.0")
    let shown = ArrangedPageTests.values("data-v", in: page)
    for point in trend.series.flatMap(\.points) {
      #expect(shown.contains(NumberText.rounded(point.median)))
      for effect in [point.sinceBefore, point.sinceFirst].compactMap(\.self) {
        #expect(shown.contains(NumberText.rounded(effect.change)))
      }
    }
    let steps = trend.series.flatMap(\.steps).count
    #expect(page.components(separatedBy: "r=\"8\"").count == steps + 1 && steps > 0)
    #expect(page.contains("kernel 6.0 → 6.1"))
    ArrangedPageTests.expectHarmless(page)
    let hostile = try TrendTextTests.trend(name: HostileSession.script + HostileSession.escape)
    ArrangedPageTests.expectHarmless(try TrendPage.render(hostile, version: "0.1.0"))
  }

  @Test func `a diff page holds every judgement and both curves of a cell`() throws {
    let session = SampleSession.result
    var earlier = session
    earlier.session.id = "20260101-030405-wxyz"
    let curves = session.cells.prefix(3).map {
      CellCurve(cellKey: $0.cell.key, block: 0, series: SampleTrial.series, columns: 60)
    }
    let comparison = SampleComparison.result
    let page = try DiffPage.render(
      comparison, old: PageContents(result: earlier, curves: Array(curves.dropLast())),
      new: PageContents(result: session, curves: curves), options: ReportOptions())
    let shown = ArrangedPageTests.values("data-v", in: page)
    for judgement in comparison.judgements {
      #expect(shown.contains(NumberText.rounded(judgement.candidate.median)))
      if let change = judgement.finiteEffect?.change { #expect(shown.contains(NumberText.rounded(change))) }
    }
    #expect(page.components(separatedBy: "class=\"chart\"").count == 3)
    #expect(page.contains("after: \(session.session.id)") && page.contains("before: 20260101-030405-wxyz"))
    ArrangedPageTests.expectHarmless(page)
  }

  @Test func `hostile names on a diff page do nothing`() throws {
    let contents = PageContents(result: HostileSession.result)
    ArrangedPageTests.expectHarmless(
      try DiffPage.render(HostileComparison.result, old: contents, new: contents, options: ReportOptions()))
  }
}
