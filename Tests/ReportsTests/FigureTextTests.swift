import Model
import Testing

@testable import Reports

@Suite struct FigureTextTests {
  @Test(arguments: [
    (0.0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1023.6, "1.00 KiB"), (1024, "1.00 KiB"), (1536, "1.50 KiB"),
    (10_235, "10.0 KiB"), (1_047_000, "1022 KiB"), (1_048_064, "1.00 MiB"), (12_902_400, "12.3 MiB"),
    (1_073_741_823, "1.00 GiB"), (-12_902_400, "-12.3 MiB"), (1.2e18, "1.04 EiB"), (0.5, "0.50 B"),
  ])
  func `bytes have three to four digits and a binary unit`(value: Double, text: String) {
    #expect(FigureText.text(value, unit: .bytes) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (7, "7"), (9999, "9999"), (10_000, "10.0k"), (9999.6, "10.0k"), (1234.5, "1235"),
    (7.5, "7.50"),
    (99_950, "100k"), (999_950, "1.00M"), (-5300, "-5300"), (1e9, "1.00G"), (3e18, "3000P"),
    (1e40, "1e+25P"),
  ])
  func `counts below ten thousand stand in full`(value: Double, text: String) {
    #expect(FigureText.text(value, unit: .count) == text)
  }

  @Test(arguments: [
    (999.95, "1.00k/s"), (999.4, "999/s"), (0, "0/s"), (12_345_678, "12.3M/s"), (1e12, "1.00T/s"),
    (0.004, "<0.01/s"), (-0.004, ">-0.01/s"),
  ])
  func `rates roll over to the next unit when rounding reaches it`(value: Double, text: String) {
    #expect(FigureText.text(value, unit: .perSecond) == text)
  }

  @Test(arguments: [
    (0.0, "0 s"), (0.000_000_084, "84.0 ns"), (0.000_999_96, "1.00 ms"), (0.0125, "12.5 ms"), (1, "1.00 s"),
    (75.24, "75.2 s"), (86_400, "86400 s"), (-0.25, "-250 ms"),
  ])
  func `seconds become the unit that fits`(value: Double, text: String) {
    #expect(FigureText.text(value, unit: .seconds) == text)
  }

  @Test func `nanoseconds and ratios`() {
    #expect(FigureText.text(1500, unit: .nanoseconds) == "1.50 µs")
    #expect(FigureText.text(1.074, unit: .ratio) == "1.07")
    #expect(FigureText.ratio(1) == "1.00×")
    #expect(FigureText.ratio(0.0004) == "<0.01×")
    #expect(FigureText.ratio(123.4) == "123×")
  }

  @Test(arguments: [
    (100.0, 99.0, 103.0, "±3%"), (100, 100, 100, "±0%"), (100, 99.9, 100.1, "±<1%"), (100, 0, 2000, "±>999%"),
    (-100, -110, -95, "±10%"), (0, 0, 0, "±0%"), (0, 0, 4096, "±4.00 KiB"),
  ])
  func `the spread is the wider side of the interval`(median: Double, low: Double, high: Double, text: String)
  {
    let summary = Summary(median: median, low: low, high: high, note: nil)
    #expect(FigureText.spread(summary, unit: .bytes) == text)
  }

  @Test func `without an interval there is no spread`() {
    #expect(FigureText.spread(Summary(median: 1, low: nil, high: nil, note: nil), unit: .bytes) == nil)
  }

  @Test(arguments: [
    0.1, 1.0 / 3, 1e-300, .leastNormalMagnitude, 1.7976931348623157e308, 12_345_678, -0.25,
    9.007199254740993e15,
  ])
  func `numbers for machines read back as they were`(value: Double) throws {
    #expect(try #require(Double(NumberText.shortest(value))) == value)
  }

  @Test func `whole numbers for machines have no fraction`() {
    #expect(NumberText.shortest(4096) == "4096")
    #expect(NumberText.shortest(-3) == "-3")
  }
}
