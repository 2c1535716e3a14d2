import Findings
import Foundation
import Model
import Testing

@testable import Reports

@Suite struct TrendTextTests {
  private static let resident = MetricDefinition(
    id: "peak_resident", title: "peak RSS", explanation: "Highest resident set.", unit: .bytes,
    better: .lower)

  static func trend(cells: Int = 2, sessions: Int = 4, name: String = "larson") throws -> Trend {
    var readings: [TrendReading] = []
    for session in 0..<sessions {
      for cell in 0..<cells {
        let factor = session < sessions / 2 ? 1.0 : 1.25
        readings.append(
          TrendReading(
            session: "2026010\(session)-030405-abcd", startedAt: 1_767_323_045 + Double(session) * 86_400,
            fingerprint: Fingerprint(
              facts: [
                "architecture": "x86_64", "cpu_model": "Example", "cores": "2", "kernel": "6.\(session / 2)",
              ], files: [:]),
            cell: Cell(
              subject: .workload(
                id: name, parameters: [Parameter(name: "threads", value: Int64(cell + 1))]),
              variant: Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc"), settings: .none),
            values: SampleCells.values(
              around: 8e6 * factor * Double(cell + 1), count: session == 1 ? 3 : 8,
              seed: UInt64(session * 10 + cell + 1))))
      }
    }
    return try Trends.make(resident, readings)
  }

  @Test(arguments: [60, 120])
  func `a trend in a terminal stays as it was recorded`(width: Int) throws {
    let text = TrendText.terminal(try TrendTextTests.trend(), options: ReportOptions(width: width))
    try Golden.expect(text, is: "trend-\(width).txt")
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= width })
  }

  @Test func `many cells stand on one line each`() throws {
    let text = TrendText.terminal(try TrendTextTests.trend(cells: 9), options: ReportOptions(width: 100))
    try Golden.expect(text, is: "trend-many.txt")
  }

  @Test func `a trend as JSON stays as it was recorded`() throws {
    let text = TrendText.json(try TrendTextTests.trend(cells: 1))
    try Golden.expect(text, is: "trend-json.json")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
  }

  @Test func `hostile names are shown and do nothing`() throws {
    let trend = try TrendTextTests.trend(name: HostileSession.escape + HostileSession.script)
    for text in [
      TrendText.terminal(trend, options: ReportOptions(width: 100)), TrendText.json(trend),
    ] {
      #expect(!text.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) })
    }
    #expect(!TrendText.json(trend).contains("<script"))
  }

  @Test(arguments: [
    ([1.0, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█"), ([5, 5, 5], "▅▅▅"), ([1.000, 1.001], "▄▅"), ([0, 0], "▄▄"),
    ([], ""),
  ])
  func `a sparkline spans what is there, and does not blow up noise`(values: [Double], text: String) {
    #expect(Sparkline.text(values) == text)
  }
}
