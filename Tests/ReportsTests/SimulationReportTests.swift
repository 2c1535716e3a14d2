import Foundation
import Model
import Testing

@testable import Reports

@Suite struct SimulationReportTests {
  private static func totals(_ factor: Double) -> EventTotals {
    EventTotals(
      instructions: 120 * factor, loads: 31.5 * factor, stores: 19 * factor, d1Misses: 1.1 * factor,
      llMisses: 0.006 * factor)
  }

  private static func events(_ note: String, operations: Bool = true) -> SimulatedEvents {
    SimulatedEvents(
      tool: "valgrind 3.19.0: cachegrind (loads, misses), callgrind (stores)",
      geometry: CacheGeometry(
        i1: .init(size: Bytes(32 << 10), ways: 8, line: Bytes(64)),
        d1: .init(size: Bytes(32 << 10), ways: 8, line: Bytes(64)),
        ll: .init(size: Bytes(8 << 20), ways: 16, line: Bytes(64))),
      total: totals(82_000), allocator: totals(50_000), perOperation: operations ? totals(1) : nil,
      allocatorPerOperation: operations ? totals(0.6) : nil, operations: operations ? 82_000 : nil,
      functions: [
        SimulatedFunction(frame: Frame(function: note, object: note, role: .allocator), own: totals(9))
      ],
      isDeterministic: true, notes: [note])
  }

  /// A sample in which the first cell counted operations, the second did not, and the third failed.
  private static func result(_ sample: SessionResult, text: String = "a doubt") -> SessionResult {
    var result = sample
    let keys = result.cells.map(\.cell.key)
    result.session.simulations = [
      SimulationRecord(cellKey: keys[0], events: events(text)),
      SimulationRecord(cellKey: keys[1], events: events(text, operations: false)),
      SimulationRecord(cellKey: keys[2], events: nil, unavailable: text),
    ]
    return result
  }

  private static let sample = result(SampleSession.result)

  @Test(arguments: [
    TerminalReport() as any ReportFormat, MarkdownReport(), JSONReport(), CSVReport(), ValuesCSVReport(),
  ])
  func `every output says that the events are simulated`(_ format: any ReportFormat) throws {
    let before = try format.render(SampleSession.result, options: ReportOptions())
    let text = try format.render(Self.sample, options: ReportOptions())
    func count(_ text: String) -> Int { text.matches(of: /simulated/).count }
    #expect(count(text) > count(before))
  }

  @Test func `the table has tool, geometry, both kinds of rows and the doubts`() throws {
    let text = try TerminalReport().render(Self.sample, options: ReportOptions(width: 200))
    for expected in [
      "Memory events, simulated", "valgrind 3.19.0", "D1 32.0 KiB, 8 ways", "for each operation", "31.5",
      "60 %", "whole runs", "2.58M", "a doubt", "not simulated",
    ] {
      #expect(text.contains(expected), "\(expected) is missing in\n\(text)")
    }
  }

  @Test func `a narrow terminal loses no figure`() throws {
    let text = try TerminalReport().render(Self.sample, options: ReportOptions(width: 80))
    let section = try #require(text.range(of: "Memory events, simulated")).lowerBound
    let end = try #require(text.range(of: "How to read it")).lowerBound
    let lines = text[section..<end].split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
    #expect(text[section..<end].contains("allocator's share 60 %"))
  }

  @Test func `a difference below zero is no figure`() {
    var whole = Self.totals(1)
    whole.llMisses = -0.5
    #expect(SimulationText.perOperation(whole, nil) == ["31.5", "—", "19.0", "—", "1100", "—", "—"])
  }

  @Test func `JSON obeys the schema with simulations in it`() throws {
    let schema = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Reports/Schema/heapscale-2.schema.json").standardized
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: schema)) as? [String: Any])
    let text = try JSONReport().render(Self.sample, options: ReportOptions())
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let faults = SchemaCheck(root: root).faults(of: try #require(document as? [String: Any]))
    #expect(faults.isEmpty, Comment(rawValue: faults.joined(separator: "\n")))
    let spoilt = try JSONSerialization.jsonObject(
      with: Data(text.replacing("\"d1_misses\"", with: "\"d2_misses\"").utf8))
    #expect(!SchemaCheck(root: root).faults(of: try #require(spoilt as? [String: Any])).isEmpty)
  }

  @Test func `CSV lines have as many fields as the head, with provenance simulated`() throws {
    for format in [CSVReport() as any ReportFormat, ValuesCSVReport()] {
      let lines = try format.render(Self.sample, options: ReportOptions()).split(separator: "\r\n")
      let simulated = lines.filter { $0.contains(",simulated_") }
      #expect(simulated.contains { $0.contains("simulated_allocator_loads_per_operation") })
      let commas = lines[0].count { $0 == "," }
      #expect(simulated.allSatisfy { $0.count { $0 == "," } == commas })
      #expect(simulated.filter { !$0.contains(",simulated,") }.allSatisfy { $0.hasSuffix("a doubt,,") })
    }
  }

  @Test func `foreign text in simulations cannot act`() throws {
    let hostile = HostileSession.escape + HostileSession.script + HostileSession.table
    let result = Self.result(HostileSession.result, text: hostile)
    let terminal = try TerminalReport().render(result, options: ReportOptions())
    #expect(!terminal.contains("\u{1b}") && terminal.contains("simulated"))
    let markdown = try MarkdownReport().render(result, options: ReportOptions())
    #expect(markdown.contains("&lt;script&gt;alert"), "a note is prose, without markup")
    let json = try JSONReport().render(result, options: ReportOptions())
    #expect(!json.contains("<script") && !json.contains("\u{1b}"))
  }
}
