import Model
import Testing

@testable import Reports

@Suite struct CurveReducerTests {
  private static func series(_ bytes: [Int64], every step: Int64 = 10, skipping: Set<Int> = [])
    -> ResidentSeries
  {
    ResidentSeries(
      samples: bytes.indices.filter { !skipping.contains($0) }.map { index in
        ResidentSeries.Sample(
          time: Nanoseconds(Int64(index) * step), resident: Bytes(bytes[index]),
          live: index % 2 == 0 ? Bytes(bytes[index] / 2) : nil)
      }, marks: [], missedTicks: skipping.count)
  }

  private static func curve(_ series: ResidentSeries, columns: Int) -> CellCurve {
    CellCurve(cellKey: "c", block: 0, series: series, columns: columns)
  }

  @Test func `a peak and a valley of one reading stay`() {
    var bytes = [Int64](repeating: 1000, count: 10_000)
    bytes[4321] = 900_000
    bytes[4322] = 3
    let curve = CurveReducerTests.curve(CurveReducerTests.series(bytes), columns: 50)
    #expect(curve.resident.contains { $0.bytes == Bytes(900_000) && $0.time == Nanoseconds(43_210) })
    #expect(curve.resident.contains { $0.bytes == Bytes(3) && $0.time == Nanoseconds(43_220) })
    #expect(curve.kept <= 100 && curve.readings == 10_000)
  }

  @Test(arguments: [1, 7, 60, 1000])
  func `every column keeps its extremes, in order of time`(columns: Int) {
    var random = SeededRandom(seed: 5)
    let bytes = (0..<3000).map { _ in Int64.random(in: 0...1_000_000, using: &random) }
    let series = CurveReducerTests.series(bytes)
    let curve = CurveReducerTests.curve(series, columns: columns)
    let byColumn = Dictionary(grouping: series.samples) {
      CurveColumn.column($0.time.count, count: columns, end: curve.end.count)
    }
    let kept = Dictionary(grouping: curve.resident) {
      CurveColumn.column($0.time.count, count: columns, end: curve.end.count)
    }
    for (column, samples) in byColumn {
      let all = samples.map(\.resident)
      let own = kept[column]?.map(\.bytes) ?? []
      #expect(own.min() == all.min() && own.max() == all.max() && own.count <= 2)
    }
    #expect(zip(curve.resident, curve.resident.dropFirst()).allSatisfy { $0.time < $1.time })
  }

  @Test func `fewer readings than columns are all kept, and live bytes where there are some`() {
    let curve = CurveReducerTests.curve(CurveReducerTests.series([5, 7, 6, 9]), columns: 100)
    #expect(curve.resident.map(\.bytes.count) == [5, 7, 6, 9])
    #expect(curve.live.map(\.bytes.count) == [2, 3])
  }

  @Test func `a line is broken where more than four readings in a row are missing`() {
    let bytes = [Int64](repeating: 8, count: 60)
    let short = CurveReducerTests.curve(
      CurveReducerTests.series(bytes, skipping: [20, 21, 22]), columns: 600)
    #expect(short.resident.allSatisfy { !$0.followsGap })
    let long = CurveReducerTests.curve(
      CurveReducerTests.series(bytes, skipping: [20, 21, 22, 23, 24]), columns: 600)
    #expect(long.resident.filter(\.followsGap).map(\.time) == [Nanoseconds(250)])
  }

  @Test func `a tree that is read more often at its edges has an unbroken line`() {
    // Ten readings within a millisecond at each of forty edges, then one every 10 ms.
    var times: [Int64] = []
    for edge in 0..<40 {
      let began = Int64(edge) * 100_000_000
      for reading in 0..<10 { times.append(began + Int64(reading) * 100_000) }
      for reading in 1..<10 { times.append(began + Int64(reading) * 10_000_000) }
    }
    func series(missed: Int, without gap: Range<Int64>) -> ResidentSeries {
      ResidentSeries(
        samples: times.filter { !gap.contains($0) }.map {
          ResidentSeries.Sample(time: Nanoseconds($0), resident: Bytes(7), live: nil)
        }, marks: [], missedTicks: missed)
    }
    let whole = CurveReducerTests.curve(series(missed: 1, without: 0..<0), columns: 4000)
    #expect(whole.resident.allSatisfy { !$0.followsGap })
    let broken = CurveReducerTests.curve(
      series(missed: 9, without: 1_010_000_000..<1_090_000_000), columns: 4000)
    #expect(broken.resident.filter(\.followsGap).map(\.time) == [Nanoseconds(1_090_000_000)])
  }

  @Test func `a curve without readings is empty and has a length`() {
    let curve = CurveReducerTests.curve(ResidentSeries(samples: [], marks: [], missedTicks: 3), columns: 10)
    #expect(curve.resident.isEmpty && curve.end > Nanoseconds(0) && curve.top == Bytes(0))
  }
}
