import Model
import Testing

@Suite struct LiveCurveTests {
  private static func curve(_ values: [Int64], capacity: Int) -> LiveCurve {
    var curve = LiveCurve(capacity: capacity)
    for (time, value) in values.enumerated() {
      curve.add(time: Nanoseconds(Int64(time)), resident: Bytes(value), live: Bytes(value / 2))
    }
    return curve
  }

  @Test(arguments: [1, 2, 7, 8, 9, 100, 4095, 100_000])
  func `it stays small, and keeps highest, lowest and both ends`(count: Int) {
    var values = (0..<Int64(count)).map { 1000 + $0 % 10 }
    if count > 7 { (values[count / 3], values[count / 2]) = (99_999, 1) }
    let samples = LiveCurveTests.curve(values, capacity: 8).series.samples
    #expect(samples.count <= 16)
    #expect(samples.map(\.resident.count).max() == values.max())
    #expect(samples.map(\.resident.count).min() == values.min())
    #expect(samples.first?.time.count == 0 && samples.last?.time.count == Int64(count - 1))
    #expect(samples.map(\.time) == samples.map(\.time).sorted())
    #expect(samples.compactMap(\.live?.count).max() == (values.max() ?? 0) / 2)
  }

  @Test func `after a reset nothing of the trial before is left`() {
    var curve = LiveCurveTests.curve([5, 6, 7], capacity: 4)
    curve.reset()
    #expect(curve.series.samples.isEmpty && curve.resident == nil)
    curve.add(time: Nanoseconds(1), resident: Bytes(9), live: nil)
    #expect(curve.resident == Bytes(9))
  }
}
