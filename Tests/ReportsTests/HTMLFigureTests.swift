import Foundation
import Model
import Testing

@testable import Reports

/// Walks a page and the JSON report of the same session: every figure stands in both.
@Suite struct HTMLFigureTests {
  /// As much of the JSON report as the figures need.
  private struct Document: Decodable {
    struct Cell: Decodable { let metrics: [String: Metric] }
    struct Metric: Decodable {
      let median: Double?
      let values: [Double]?
    }
    let cells: [Cell]

    init(_ result: SessionResult) throws {
      let text = try JSONReport().render(result, options: ReportOptions())
      self = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    }
  }

  /// As much of the JSON of a comparison.
  private struct ComparisonDocument: Decodable {
    struct Judgement: Decodable {
      let metric: String
      let baseline: Side
      let candidate: Side
      let effect: Effect?
    }
    struct Side: Decodable { let median: Double }
    let judgements: [Judgement]
  }

  /// The values, to ten digits, of a cell's row in the table of all figures; nil where there is none.
  private static func rows(_ page: String) -> [[Double?]] {
    page.matches(of: #/<tr data-k="\d+">(.*)/#).map { row in
      row.1.split(separator: "<td").dropFirst(2).map { cell in
        cell.firstMatch(of: #/^[^>]*data-v="([^"]+)"/#).flatMap { Double($0.1) }
      }
    }
  }

  @Test func `every median of the JSON report stands on the page, and no other`() throws {
    let contents = try SyntheticPage.contents(variants: 12, workloads: 3, settings: 2)
    let cells = try Document(contents.result).cells
    let view = try SessionView(contents, options: ReportOptions())
    let rows = HTMLFigureTests.rows(try SessionPage.render(contents, options: ReportOptions()))
    #expect(rows.count == cells.count && rows.count == 72)
    for (row, cell) in zip(rows, cells) {
      #expect(row.count == view.metrics.count)
      for (value, metric) in zip(row, view.metrics) {
        let median = cell.metrics[metric.id.rawValue]?.median
        #expect(value == median.flatMap { Double(NumberText.rounded($0)) }, "\(metric.id)")
      }
    }
    // What is not a column has no value anywhere.
    let shown = Set(view.metrics.map(\.id.rawValue))
    for cell in cells {
      for (id, metric) in cell.metrics where !shown.contains(id) { #expect(metric.median == nil) }
    }
  }

  @Test func `every value of the JSON report stands in the table of trials`() throws {
    let contents = try SyntheticPage.contents(variants: 3, workloads: 2)
    let cells = try Document(contents.result).cells
    let view = try SessionView(contents, options: ReportOptions())
    let data = try PageData(TrialData(view: view).json.text)
    #expect(data.count == cells.count)
    for (index, cell) in cells.enumerated() {
      for (place, metric) in view.metrics.enumerated() {
        let values = try data.values(cell: index, metric: place).compactMap(\.self)
        let wanted = cell.metrics[metric.id.rawValue]?.values ?? []
        #expect(values.count == wanted.count)
        #expect(zip(values, wanted).allSatisfy { abs($0 - $1) <= 1e-9 * abs($1) })
      }
    }
  }

  @Test func `every change of a forest plot stands in the JSON of its comparison`() throws {
    let contents = try SyntheticPage.contents(variants: 5, workloads: 2)
    let comparison = contents.comparisons[0]
    let format = try ComparisonRegistry.format(named: "json")
    let text = try format.render(comparison, session: nil, options: ComparisonOptions())
    let judgements = try JSONDecoder().decode(ComparisonDocument.self, from: Data(text.utf8)).judgements
    let page = try SessionPage.render(contents, options: ReportOptions())
    for judgement in judgements
    where ["peak_resident", "retained_resident", "cpu", "wall"].contains(judgement.metric) {
      let change = try #require(judgement.effect?.change)
      let wanted = [judgement.baseline.median, judgement.candidate.median, change].map { value in
        "data-v=\"\(NumberText.rounded(value))\">"
      }
      #expect(wanted.allSatisfy { page.contains($0) }, "\(judgement.metric): \(wanted)")
    }
    #expect(judgements.count > 20)
  }

  @Test func `what is missing is a dash with its reason, never a zero`() throws {
    let page = try SessionPage.render(try SyntheticPage.contents(), options: ReportOptions())
    #expect(page.contains("no hardware PMU on this machine (perf_event_open: ENOENT)"))
    let failed = try SessionPage.render(PageContents(result: SampleSession.result), options: ReportOptions())
    #expect(failed.contains("no trial ended ok: preload-failed 10/10"))
    let row = try #require(failed.matches(of: #/<tr data-k="6">(.*)/#).first).1
    #expect(!row.contains("data-v"))
  }
}

@Suite struct MatrixTests {
  @Test func `the reference has no change, and every other cell the one of its own comparison`() throws {
    let contents = try SyntheticPage.contents(variants: 3, workloads: 1, settings: 2)
    let view = try SessionView(contents, options: ReportOptions())
    for cell in contents.result.cells.map(\.cell) {
      let judgement = view.judgements(of: cell)["peak_resident"]
      if view.isReference(cell) {
        #expect(judgement == nil)
      } else {
        let baseline = try #require(judgement).baseline.cell
        #expect(baseline.variant == view.plan.reference && baseline.settings == cell.settings)
      }
    }
  }

  @Test func `with one variant the changes are those of the settings`() throws {
    let contents = try SyntheticPage.contents(variants: 1, workloads: 1, settings: 3)
    let view = try SessionView(contents, options: ReportOptions())
    let judged = contents.result.cells.map {
      view.judgements(of: $0.cell)["cpu"]?.baseline.cell.settings.name
    }
    #expect(judged == [nil, "default", "default"])
  }
}
