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
    .appending(path: "../../Sources/Reports/Schema/heapscale-2.schema.json").standardized

  @Test func `real output obeys the schema`() throws {
    for result in [SampleSession.result, SampleSettings.result, HostileSession.result] {
      let faults = SchemaCheck(root: try JSONTests.schema()).faults(of: try JSONTests.document(result))
      #expect(faults.isEmpty, Comment(rawValue: faults.joined(separator: "\n")))
    }
  }

  @Test func `documents that were written before still obey the schema that they name`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let reference = folder.appending(path: "Results/reference")
    let names = try FileManager.default.contentsOfDirectory(atPath: reference.path).filter {
      $0.hasSuffix(".json")
    }
    #expect(!names.isEmpty)
    for name in names {
      let data = try Data(contentsOf: reference.appending(path: name))
      let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let version = try #require(document["schema"] as? String).replacing("/", with: "-")
      let file = folder.appending(path: "Sources/Reports/Schema/\(version).schema.json")
      let schema = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
      let faults = SchemaCheck(root: try #require(schema)).faults(of: document)
      #expect(faults.isEmpty, "\(name): \(faults.prefix(3))")
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
    cells[0]["audit"] = [["variable": "A"]]
    document["cells"] = cells
    // The audit lacks six keys.
    #expect(check.faults(of: document).count == 9)
  }

  @Test func `what became of the settings and what they changed stands in every cell`() throws {
    let result = SampleSettings.result
    let text = try JSONReport().render(result, options: ReportOptions())
    let cells = try JSONDecoder().decode(Document.self, from: Data(text.utf8)).cells
    for (cell, expected) in zip(cells, result.cells) {
      // The keys of the contract are those of the model.
      #expect(cell.audit == expected.audit)
      for metric in expected.metrics {
        let effect = cell.metrics[metric.definition.id.rawValue]?.effect
        #expect(effect?.change == metric.settingsEffect?.change)
        #expect(effect?.low == metric.settingsEffect?.low && effect?.high == metric.settingsEffect?.high)
        #expect(effect?.pairs == metric.settingsEffect?.pairs)
      }
    }
    #expect(result.cells.contains { $0.metric("cpu")?.settingsEffect != nil })
  }

  @Test func `an effect that is no number is left out`() throws {
    let cells = try #require(try JSONTests.document(HostileSession.result)["cells"] as? [[String: Any]])
    let metrics = try #require(cells[2]["metrics"] as? [String: [String: Any]])
    #expect(metrics["peak_resident"]?["effect"] != nil)
    #expect(metrics["faults_minor"]?["median"] != nil && metrics["faults_minor"]?["effect"] == nil)
  }

  @Test(
    .enabled(if: PythonSchema.isThere, "python3 with jsonschema is not installed: pip install jsonschema"))
  func `real output obeys the schema in the eyes of Python's jsonschema`() throws {
    for result in [SampleSession.result, SampleSettings.result, HostileSession.result] {
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
    struct Cell: Decodable {
      let metrics: [String: Metric]
      let audit: [SettingAudit]
    }
    struct Metric: Decodable {
      let median: Double?
      let values: [Double]?
      let unavailable: String?
      let effect: Effect?
    }
    struct Effect: Decodable {
      let change: Double
      let low: Double?
      let high: Double?
      let pairs: Int
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
