import Model
import Testing

@testable import Reports

@Suite struct ResidentPlotTests {
  private static func series(_ resident: [Int64], live: Int64? = nil, step: Int64 = 10) -> ResidentSeries {
    ResidentSeries(
      samples: resident.enumerated().map { index, bytes in
        ResidentSeries.Sample(
          time: Nanoseconds(Int64(index) * step * 1_000_000), resident: Bytes(bytes),
          live: live.map { Bytes($0) })
      }, marks: [], missedTicks: 3)
  }

  @Test func `a peak of a single reading among thousands reaches the top row`() {
    var values = [Int64](repeating: 1 << 20, count: 5000)
    values[3210] = 100 << 20
    let lines = ResidentPlot(series: ResidentPlotTests.series(values), width: 80).lines
    #expect(lines[0].hasPrefix("  100 MiB ┤") == false)
    #expect(lines[0].contains("100 MiB ┤"))
    #expect(lines[0].filter { $0 == "░" }.count == 1)
  }

  @Test func `a dip of a single reading is seen in every row it leaves`() {
    var values = [Int64](repeating: 100 << 20, count: 5000)
    values[1234] = 1 << 20
    let lines = ResidentPlot(series: ResidentPlotTests.series(values), width: 80).lines
    #expect(lines[0].contains("░") && lines[10].contains("░"))
  }

  @Test func `live bytes are drawn below resident ones`() {
    let lines = ResidentPlot(
      series: ResidentPlotTests.series([Int64](repeating: 100, count: 200), live: 50), width: 60
    ).lines
    #expect(lines[1].contains("▒") && !lines[1].contains("█"))
    #expect(lines[11].contains("█") && !lines[11].contains("▒"))
  }

  @Test func `what is kept of a large peak stays visible at the bottom`() {
    let lines = ResidentPlot(series: ResidentPlotTests.series([1 << 30, 4096, 4096, 4096]), width: 60).lines
    #expect(lines[11].hasSuffix("▒"))
  }

  @Test func `a long gap between readings stays blank`() {
    let dense = (0..<50).map { Int64($0) }
    let samples = (dense + dense.map { $0 + 950 }).map { time in
      ResidentSeries.Sample(time: Nanoseconds(time * 1_000_000), resident: Bytes(100), live: nil)
    }
    let columns = CurveColumn.columns(samples, count: 100, end: 999_000_000)
    #expect(columns[50] == nil && columns[2] != nil && columns[98] != nil)
    #expect(columns.filter { $0 == nil }.count > 80)
  }

  @Test func `no line is wider than the terminal`() {
    for width in [30, 80, 120] {
      let lines = ResidentPlot(series: SampleTrial.series, width: width).lines.prefix(15)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
    }
  }

  @Test func `phases fill the axis and short ones are cut`() {
    let spans = PhaseSpan.spans(SampleTrial.series.marks, columns: 60, end: 1_190_000_000)
    #expect(spans.map(\.columns).reduce(0, +) == 60)
    #expect(spans.map { DisplayWidth.of($0.text) } == spans.map(\.columns))
  }

  @Test func `a series without readings says so`() {
    #expect(ResidentPlot(series: ResidentPlotTests.series([]), width: 80).lines.count == 1)
  }
}
