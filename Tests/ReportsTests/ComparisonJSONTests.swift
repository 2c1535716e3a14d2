import Foundation
import Model
import Testing

@testable import Reports

@Suite struct ComparisonJSONTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Reports/Schema").standardized
  private static let schemaFile = folder.appending(path: "heapscale-comparison-1.schema.json")
  private static let samples = [SampleComparison.result, SampleComparison.arms, HostileComparison.result]

  private static func text(_ result: Model.ComparisonResult, session: Session? = nil) throws -> String {
    try JSONComparison().render(result, session: session, options: ComparisonOptions())
  }

  private static func document(_ result: Model.ComparisonResult, session: Session? = nil) throws -> [String:
    Any]
  {
    let data = Data(try text(result, session: session).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private static func schema(_ file: URL) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
  }

  @Test func `real output obeys the schema`() throws {
    let check = SchemaCheck(root: try ComparisonJSONTests.schema(ComparisonJSONTests.schemaFile))
    for result in ComparisonJSONTests.samples {
      let faults = check.faults(
        of: try ComparisonJSONTests.document(result, session: SampleComparison.session))
      #expect(faults.isEmpty, Comment(rawValue: faults.joined(separator: "\n")))
    }
  }

  @Test func `its session obeys the schema of sessions`() throws {
    let file = ComparisonJSONTests.folder.appending(path: "heapscale-2.schema.json")
    var schema = try ComparisonJSONTests.schema(file)
    let definitions = try #require(schema["$defs"] as? [String: Any])
    schema = try #require(definitions["session"] as? [String: Any])
    schema["$defs"] = definitions
    let document = try ComparisonJSONTests.document(
      SampleComparison.result, session: HostileSession.result.session)
    let session = try #require(document["session"])
    #expect(SchemaCheck(root: schema).faults(of: session) == [])
    #expect(try ComparisonJSONTests.document(SampleComparison.result)["session"] is NSNull)
  }

  @Test(
    .enabled(if: PythonSchema.isThere, "python3 with jsonschema is not installed: pip install jsonschema"))
  func `real output obeys the schema in the eyes of Python's jsonschema`() throws {
    for result in ComparisonJSONTests.samples {
      let text = try ComparisonJSONTests.text(result, session: SampleComparison.session)
      #expect(try PythonSchema.faults(of: text, schema: ComparisonJSONTests.schemaFile) == "")
    }
  }

  @Test func `the check finds a missing key, a wrong type and an unknown verdict`() throws {
    let check = SchemaCheck(root: try ComparisonJSONTests.schema(ComparisonJSONTests.schemaFile))
    var document = try ComparisonJSONTests.document(SampleComparison.result)
    document["noise"] = nil
    var judgements = try #require(document["judgements"] as? [[String: Any]])
    judgements[0]["verdict"] = "better"
    judgements[1]["paired"] = 1.5
    judgements[2]["baseline"] = ["name": "a"]
    document["judgements"] = judgements
    // The baseline lacks four keys of a cell and three of its own.
    #expect(check.faults(of: document).count == 10)
  }

  @Test func `every judgement is there with its numbers`() throws {
    let document = try ComparisonJSONTests.document(SampleComparison.result)
    let written = try #require(document["judgements"] as? [[String: Any]])
    for (object, judgement) in zip(written, SampleComparison.result.judgements) {
      let effect = object["effect"] as? [String: Any]
      #expect(effect?["change"] as? Double == judgement.effect?.change)
      #expect(effect?["low"] as? Double == judgement.effect?.low)
      #expect(object["verdict"] as? String == judgement.verdict.rawValue)
      #expect((object["candidate"] as? [String: Any])?["median"] as? Double == judgement.candidate.median)
      #expect((object["threshold"] as? [String: Any])?["gates"] as? Bool == judgement.threshold.gates)
      #expect(object["missing_trials"] as? Int == judgement.missing)
    }
    #expect(written.count == 10 && (document["means"] as? [Any])?.count == 2)
  }

  @Test func `hostile text reads back as it was and is escaped in the file`() throws {
    let text = try ComparisonJSONTests.text(HostileComparison.result)
    #expect(!text.contains("<script") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
    let document = try ComparisonJSONTests.document(HostileComparison.result)
    #expect(document["title"] as? String == HostileComparison.result.title)
    #expect(document["sentences"] as? [String] == HostileComparison.result.sentences)
  }
}
