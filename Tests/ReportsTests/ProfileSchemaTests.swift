import Foundation
import Model
import Profiles
import Testing

@testable import Reports

@Suite struct ProfileSchemaTests {
  private static func file(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/\(path)").standardized
  }

  private static let resultSchema = file("Reports/Schema/heapscale-profile-result-1.schema.json")
  private static let functionsSchema = file("Reports/Schema/heapscale-functions-1.schema.json")
  private static let speedscopeSchema = file("Profiles/Schema/speedscope.schema.json")

  /// What is written, with the schema that it must obey.
  private static func documents() throws -> [(text: String, schema: URL)] {
    var finite = ProfileSamples.hostile
    for index in finite.samples.indices { finite.samples[index].values[1] = 0 }
    var documents: [(text: String, schema: URL)] = []
    for profile in [ProfileSamples.profile, finite] {
      documents.append((try SpeedscopeWriter.text(profile, exporter: "heapscale 1.0"), speedscopeSchema))
    }
    for result in [ProfileSamples.result, ProfileSamples.emptyResult] {
      documents.append((try ProfileResultFile.text(result, functions: ProfileSamples.table), resultSchema))
    }
    for table in [ProfileSamples.table, ProfileSamples.hostileTable] {
      documents.append((FunctionReport.json(table), functionsSchema))
    }
    return documents
  }

  private static func faults(_ text: String, _ schema: URL) throws -> [String] {
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: schema)) as? [String: Any]
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return SchemaCheck(root: try #require(root)).faults(of: document)
  }

  @Test func `profiles, speedscope files and tables obey their schemas`() throws {
    for (text, schema) in try ProfileSchemaTests.documents() {
      let faults = try ProfileSchemaTests.faults(text, schema)
      #expect(faults.isEmpty, Comment(rawValue: faults.joined(separator: "\n")))
    }
  }

  @Test(
    .enabled(if: PythonSchema.isThere, "python3 with jsonschema is not installed: pip install jsonschema"))
  func `they obey in the eyes of Python's jsonschema too`() throws {
    for (text, schema) in try ProfileSchemaTests.documents() {
      #expect(try PythonSchema.faults(of: text, schema: schema) == "")
    }
  }

  @Test func `the schemas find a missing frame name, a foreign unit and a wrong kind`() throws {
    let speedscope = try SpeedscopeWriter.text(ProfileSamples.profile, exporter: "heapscale")
    let wrong = speedscope.replacing("\"name\":\"main\"", with: "\"nom\":\"main\"")
      .replacing("\"unit\":\"bytes\"", with: "\"unit\":\"pages\"")
    #expect(try ProfileSchemaTests.faults(wrong, ProfileSchemaTests.speedscopeSchema).count >= 3)
    let result = try ProfileResultFile.text(ProfileSamples.result, functions: ProfileSamples.table)
      .replacing("heapscale-profile-result/1", with: "heapscale/1")
    #expect(try ProfileSchemaTests.faults(result, ProfileSchemaTests.resultSchema).count == 1)
  }

  @Test func `a saved result is read as it was written, and says which figures are simulated`() throws {
    for result in [ProfileSamples.result, ProfileSamples.emptyResult] {
      let text = try ProfileResultFile.text(result, functions: ProfileSamples.table)
      #expect(try ProfileResultFile.read(Array(text.utf8), file: "x.json") == result)
      #expect(text.contains("\"simulated\":{\"events\"") == (result.simulated != nil))
      #expect(!text.contains("\u{1b}") && !text.contains("<"))
    }
  }

  @Test func `a result whose stacks do not fit, or of another kind, is refused by name`() throws {
    let text = try ProfileResultFile.text(ProfileSamples.result, functions: ProfileSamples.table)
    let speedscope = try SpeedscopeWriter.text(ProfileSamples.profile, exporter: "heapscale")
    let wrong = [
      text.replacing("\"frames\":[{", with: "\"frames\":[],\"others\":[{"),
      text.replacing("heapscale-profile-result/1", with: "heapscale-profile-result/2"), speedscope,
      String(text.prefix(text.count / 2)), "",
    ]
    for document in wrong {
      #expect {
        try ProfileResultFile.read(Array(document.utf8), file: "x.json")
      } throws: { error in
        (error as? ProfilesError)?.description.hasPrefix("x.json: ") == true
      }
    }
  }

  @Test func `an event with both a value and a reason, or with neither, breaks the schema`() throws {
    let text = try ProfileResultFile.text(ProfileSamples.result, functions: ProfileSamples.table)
    let wrong = text.replacing("\"provenance\":\"counted\",\"value\":", with: "\"number\":")
    #expect(wrong != text)
    #expect(try !ProfileSchemaTests.faults(wrong, ProfileSchemaTests.resultSchema).isEmpty)
  }
}
