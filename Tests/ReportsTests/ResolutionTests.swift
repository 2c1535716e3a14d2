import Foundation
import Model
import Testing

@testable import Reports

/// What is below the resolution of its instrument is shown as just that, in every format.
@Suite struct ResolutionTests {
  /// The sample in which peak resident of the first cell is 128 KiB, and none of its cells has a mark.
  private static let result: SessionResult = {
    var result = SampleSession.result
    for index in result.cells.indices where result.cells[index].cell.subject == result.cells[0].cell.subject {
      guard let place = result.cells[index].metrics.firstIndex(where: { $0.definition.id == "peak_resident" })
      else { continue }
      let metric = result.cells[index].metrics[place]
      let definition = MetricDefinition(
        id: metric.definition.id, title: metric.definition.title, explanation: "", unit: .bytes,
        better: .lower,
        resolution: 524_288)
      let values = index == 0 ? metric.values.map { _ in 131_072 } : metric.values
      let summary =
        index == 0 ? Summary(median: 131_072, low: 4096, high: 262_144, note: nil) : metric.summary
      result.cells[index].metrics[place] = MetricResult(
        definition: definition, values: values, provenance: metric.provenance, summary: summary,
        unavailable: metric.unavailable, ratioToReference: nil, isBest: false)
    }
    return result
  }()
  private static let options = ReportOptions(metrics: ["peak_resident"], width: 160)

  @Test func `a terminal shows the limit, without interval, and says what it means`() throws {
    let text = try TerminalReport().render(Self.result, options: Self.options)
    let row = try #require(text.split(separator: "\n").first { $0.contains("< 0.5 MiB") })
    #expect(!row.contains("±") && !row.contains("×") && !row.contains("128"))
    #expect(text.contains("below what the instrument resolves"))
    #expect(
      try !TerminalReport().render(SampleSession.result, options: Self.options).contains(
        "what the instrument"))
  }

  @Test func `Markdown and pages escape it`() throws {
    let markdown = try MarkdownReport().render(Self.result, options: Self.options)
    #expect(markdown.contains("| &lt; 0.5 MiB |"))
    let page = try HTMLReport().render(Self.result, options: ReportOptions())
    #expect(page.contains(">&lt; 0.5 MiB<"))
    #expect(!page.contains("128 KiB"))
  }

  @Test func `CSV has the resolution and whether a figure is below it as columns of their own`() throws {
    let lines = try CSVReport().render(Self.result, options: Self.options).split(separator: "\r\n")
    #expect(lines[0].hasSuffix(",resolution,below_resolution"))
    #expect(lines[1].hasSuffix(",524288,true"))
    #expect(lines.contains { $0.hasSuffix(",524288,false") })
    let width = lines[0].split(separator: ",", omittingEmptySubsequences: false).count
    #expect(lines[1].split(separator: ",", omittingEmptySubsequences: false).count == width)
  }

  @Test func `JSON has them as keys, and its schema knows them`() throws {
    let text = try JSONReport().render(Self.result, options: ReportOptions())
    let document = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let cells = try #require(document["cells"] as? [[String: Any]])
    let metrics = try #require(cells[0]["metrics"] as? [String: [String: Any]])
    #expect(metrics["peak_resident"]?["resolution"] as? Double == 524_288)
    #expect(metrics["peak_resident"]?["below_resolution"] as? Bool == true)
    #expect(metrics["peak_resident"]?["ratio_to_reference"] is NSNull)
    #expect(
      metrics["wall"]?["resolution"] is NSNull && metrics["wall"]?["below_resolution"] as? Bool == false)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Reports/Schema/heapscale-2.schema.json").standardized
    let schema = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    #expect(SchemaCheck(root: schema).faults(of: document).isEmpty)
  }

  @Test func `limits are written as people write them`() {
    func text(_ unit: MetricUnit, _ resolution: Double) -> String? {
      MetricDefinition(
        id: "m", title: "", explanation: "", unit: unit, better: .lower, resolution: resolution
      ).resolutionText
    }
    #expect(text(.bytes, 524_288) == "0.5 MiB" && text(.bytes, 32_768) == "32 KiB")
    #expect(text(.seconds, 0.001) == "1 ms" && text(.seconds, 0.004) == "4 ms" && text(.count, 3) == "3")
  }
}
