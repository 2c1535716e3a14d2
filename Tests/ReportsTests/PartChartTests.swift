import Model
import Testing

@testable import Reports

@Suite struct PartChartTests {
  private static let series: ResidentSeries = {
    let samples = (0..<400).map { index in
      ResidentSeries.Sample(
        time: Nanoseconds(Int64(index) * 10_000_000), resident: Bytes(Int64(index % 40 + 100) << 20),
        live: nil)
    }
    return ResidentSeries(
      samples: samples, marks: [], missedTicks: 0,
      parts: [
        .init(command: "<worker>", resident: samples.map { Bytes($0.resident.count - (60 << 20)) }),
        .init(command: "sh", resident: samples.map { _ in Bytes(50 << 20) }),
        .init(command: nil, resident: samples.map { _ in Bytes(10 << 20) }),
      ])
  }()

  @Test func `the parts of a reduced curve are those of the readings that stay`() {
    let curve = CellCurve(cellKey: "c", block: 0, series: Self.series, columns: 20)
    #expect(curve.parts.map(\.command) == ["<worker>", "sh", nil])
    #expect(curve.resident.count < 60)
    for (index, point) in curve.resident.enumerated() {
      #expect(curve.parts.reduce(0) { $0 + $1.bytes[index].count } == point.bytes.count)
    }
  }

  @Test func `parts that do not fit the curve are not drawn`() {
    var series = Self.series
    series.parts?[0].resident.removeLast()
    let curve = CellCurve(cellKey: "c", block: 0, series: series, columns: 20)
    #expect(curve.parts.map(\.command) == ["sh", nil])
    series.parts = nil
    #expect(CellCurve(cellKey: "c", block: 0, series: series, columns: 20).parts.isEmpty)
  }

  @Test func `areas stand one on the other, and the uppermost is drawn first`() throws {
    let chart = StackChart(
      id: "t", title: "t", description: "d", units: (.nanoseconds, .bytes),
      places: [(0, false), (50, false), (100, true)],
      layers: [
        .init(name: "a", style: "s1", values: [100, 100, 0]),
        .init(name: "b", style: "rest", values: [0, 100, 100]),
      ], table: "")
    let text = chart.markup.text
    let paths = text.matches(of: #/data-i="(\d)"><path class="main" d="([^"]*)"/#).map {
      (String($0.1), String($0.2))
    }
    #expect(paths.map(\.0) == ["1", "0"])
    // 100 of 208 is 1923 of 4000; at the gap both go down to the base.
    #expect(paths[1].1 == "M0 4000l0-1923 5000 0 0 1923 5000 0")
    #expect(paths[0].1 == "M0 4000l0-1923 5000-1923 0 3846 5000 0 0-1923 0 1923")
  }

  @Test func `a page draws the trees of a group by command, and escapes their names`() throws {
    var contents = try SyntheticPage.contents()
    let key = contents.curves[0].cellKey
    contents.curves[0] = CellCurve(cellKey: key, block: 2, series: Self.series, columns: 80)
    let page = try SessionPage.render(contents, options: ReportOptions())
    // One of the first cell, one of the second workload's reference.
    #expect(page.matches(of: #/class="chart stacked"/#).count == 2)
    #expect(page.contains("&lt;worker&gt;") && !page.contains("<worker>"))
    #expect(page.contains("other commands"))
    contents.curves = contents.curves.map {
      CellCurve(cellKey: $0.cellKey, block: 0, series: SampleTrial.series, columns: 80)
    }
    #expect(!(try SessionPage.render(contents, options: ReportOptions())).contains("chart stacked"))
  }
}
