import Foundation
import Model
import Testing

@testable import Reports

@Suite struct JSONTests {
  private static func document(_ result: SessionResult) throws -> [String: Any] {
    let text = try JSONReport().render(result, options: ReportOptions())
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static func schema() throws -> [String: Any] {
    let data = try Data(contentsOf: schemaFile)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private static let schemaFile = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Reports/Schema/heapscale-1.schema.json").standardized

  @Test func `real output obeys the schema`() throws {
    for result in [SampleSession.result, HostileSession.result] {
      let faults = SchemaCheck(root: try JSONTests.schema()).faults(of: try JSONTests.document(result))
      #expect(faults.isEmpty, Comment(rawValue: faults.joined(separator: "\n")))
    }
  }

  @Test func `the check finds a missing key, a wrong type and a figure beside a reason`() throws {
    let check = SchemaCheck(root: try JSONTests.schema())
    var document = try JSONTests.document(HostileSession.result)
    document["notes"] = nil
    var cells = try #require(document["cells"] as? [[String: Any]])
    cells[0]["libc"] = 3
    var metrics = try #require(cells[0]["metrics"] as? [String: [String: Any]])
    metrics["peak_resident"]?["unavailable"] = "both"
    cells[0]["metrics"] = metrics
    document["cells"] = cells
    #expect(check.faults(of: document).count == 3)
  }

  @Test(
    .enabled(if: PythonSchema.isThere, "python3 with jsonschema is not installed: pip install jsonschema"))
  func `real output obeys the schema in the eyes of Python's jsonschema`() throws {
    for result in [SampleSession.result, HostileSession.result] {
      let text = try JSONReport().render(result, options: ReportOptions())
      #expect(try PythonSchema.faults(of: text, schema: JSONTests.schemaFile) == "")
    }
  }

  @Test func `every metric of every cell is there, with figures or a reason`() throws {
    let text = try JSONReport().render(SampleSession.result, options: ReportOptions())
    let cells = try JSONDecoder().decode(Document.self, from: Data(text.utf8)).cells
    #expect(cells.count == 24)
    for (cell, result) in zip(cells, SampleSession.result.cells) {
      #expect(Set(cell.metrics.keys) == Set(SampleMetrics.all.map(\.id.rawValue)))
      for metric in result.metrics {
        let written = try #require(cell.metrics[metric.definition.id.rawValue])
        #expect(written.values ?? [] == metric.values)
        #expect(written.median == metric.summary?.median)
        #expect((written.unavailable == nil) == (metric.summary != nil))
      }
    }
  }

  /// As much of the contract as the figures need.
  private struct Document: Decodable {
    struct Cell: Decodable { let metrics: [String: Metric] }
    struct Metric: Decodable {
      let median: Double?
      let values: [Double]?
      let unavailable: String?
    }
    let cells: [Cell]
  }

  @Test func `hostile text reads back as it was and is escaped in the file`() throws {
    let text = try JSONReport().render(HostileSession.result, options: ReportOptions())
    #expect(!text.contains("<script") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
    let session = try #require(try JSONTests.document(HostileSession.result)["session"] as? [String: Any])
    #expect(session["title"] as? String == HostileSession.result.session.plan.title)
    #expect(text.contains("\"seed\": 18446744073709551615"))
  }

  @Test func `characters beyond the first plane are escaped as pairs`() {
    #expect(JSONText.string("\u{E0041}🙂").text() == "\"\\udb40\\udc41🙂\"")
  }

  @Test func `of a name that stands there twice the last value counts`() {
    let value = JSONText.dictionary([("a", .integer(1)), ("b", .integer(2)), ("a", .integer(3))])
    #expect(value.text() == "{\n  \"a\": 3,\n  \"b\": 2\n}")
  }
}
