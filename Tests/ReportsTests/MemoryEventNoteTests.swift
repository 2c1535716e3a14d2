import Model
import Testing

@testable import Reports

@Suite struct MemoryEventNoteTests {
  private static let reason = "no hardware PMU on this machine"
  private static let ids: [MetricID] = ["loads", "stores", "loads_per_operation", "dtlb_misses"]

  /// The sample session with counted events instead of its own.
  private static func session(
    events: EventChoice = .standard, _ fill: (MetricID) -> Double?
  ) -> SessionResult {
    var result = SampleSession.result
    result.session.plan.sampling.events = events
    for index in result.cells.indices {
      result.cells[index].metrics.removeAll { MemoryEvents.counted.contains($0.definition.id) }
      result.cells[index].metrics += ids.map { id in metric(id, fill(id)) }
    }
    return result
  }

  private static func metric(_ id: MetricID, _ value: Double?) -> MetricResult {
    MetricResult(
      definition: MetricDefinition(
        id: id, title: id.rawValue, explanation: "", unit: .count, better: .lower),
      values: value.map { [$0] } ?? [], provenance: value.map { _ in .counted },
      summary: value.map { Summary(median: $0, low: nil, high: nil, note: nil) },
      unavailable: value == nil ? reason : nil, ratioToReference: nil, isBest: false)
  }

  @Test(arguments: ["terminal", "markdown"])
  func `without a PMU the table does not grow, and one note says why`(format: String) throws {
    let report: any ReportFormat = format == "terminal" ? TerminalReport() : MarkdownReport()
    let text = try report.render(Self.session { _ in nil }, options: ReportOptions(width: 300))
    #expect(text.components(separatedBy: Self.reason).count == 2)
    #expect(text.contains("memory events") && text.contains("not counted: \(Self.reason)"))
    #expect(!text.contains("dtlb"))
  }

  @Test func `who asked for no events is not told why there are none`() throws {
    let result = Self.session(events: .none) { _ in nil }
    let text = try TerminalReport().render(result, options: ReportOptions(width: 300))
    #expect(!text.contains("memory events"))
  }

  @Test func `columns that were chosen say themselves why they are empty`() throws {
    let result = Self.session { _ in nil }
    let options = ReportOptions(metrics: ["cpu", "loads"], width: 300)
    let text = try TerminalReport().render(result, options: options)
    #expect(text.components(separatedBy: Self.reason).count == 2)
    #expect(!text.contains("memory events"))
  }

  @Test func `columns appear where some cell has a figure, per operation where there are operations`() throws
  {
    let all = try MetricChoice(Self.session { _ in 12 }, options: ReportOptions()).shown.map(\.id)
    #expect(all.suffix(2) == ["loads_per_operation", "dtlb_misses"])
    let plain = Self.session { $0 == "loads_per_operation" ? nil : 12 }
    let shown = try MetricChoice(plain, options: ReportOptions()).shown.map(\.id)
    #expect(shown.suffix(3) == ["loads", "stores", "dtlb_misses"])
    #expect(
      !(try TerminalReport().render(plain, options: ReportOptions(width: 300))).contains("memory events"))
  }

  @Test func `JSON says of each metric why it has no value`() throws {
    let text = try JSONReport().render(Self.session { _ in nil }, options: ReportOptions())
    #expect(text.contains("\"unavailable\": \"\(Self.reason)\""))
  }
}
