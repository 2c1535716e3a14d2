import Foundation
import Model
import Testing

@testable import Profiles

@Suite struct ExportTests {
  @Test func `collapsed stacks begin with the outermost frame`() {
    #expect(
      CollapsedStacks.text(Sample.small, column: "faults") == """
        main;touch_all 16
        main;malloc;_int_malloc 2
        main;touch_all;malloc;_int_malloc 1

        """)
    #expect(CollapsedStacks.text(Sample.small, column: "missing") == nil)
  }

  @Test func `a name cannot add frames or lines to collapsed stacks`() throws {
    let text = try #require(CollapsedStacks.text(Sample.hostile, column: "resident"))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == Sample.hostileNames.count)
    for line in lines { #expect(line.split(separator: ";").count == 2) }
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test func `stacks that differ in lines only are one collapsed stack`() {
    var builder = StackProfileBuilder(title: "t", columns: [Sample.columns[1]])
    for line in 1...3 {
      builder.add([Frame(function: "f", object: "o", sourceFile: "f.c", line: line)], values: [2])
    }
    #expect(CollapsedStacks.text(builder.finished(), column: "faults") == "f 6\n")
  }

  @Test func `speedscope gets one profile for each column, bytes as bytes`() throws {
    let text = try SpeedscopeWriter.text(Sample.small, exporter: "heapscale 1.0")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let profiles = try #require(root["profiles"] as? [[String: Any]])
    #expect(profiles.map { $0["unit"] as? String } == ["bytes", "none"])
    #expect(profiles.map { $0["endValue"] as? Double } == Sample.small.totals)
    #expect(profiles[0]["weights"] as? [Double] == [65_536, 8192, 4096])
    #expect(profiles[0]["samples"] as? [[Int]] == [[1, 0], [1, 3, 2], [1, 0, 3, 2]])
  }

  @Test func `heapscale's own file reads back as it was`() throws {
    for profile in [Sample.small, Sample.hostile] {
      let text = try Sample.file(profile)
      #expect(try ProfileResultFile.read([UInt8](text.utf8), file: "p.json").growth == profile)
    }
  }

  @Test func `nothing in a name acts in JSON`() throws {
    for text in [
      try Sample.file(Sample.hostile), try SpeedscopeWriter.text(Sample.hostile, exporter: "\u{1b}"),
    ] {
      #expect(!text.contains("<"))
      #expect(text.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    }
  }

  @Test func `another JSON file and stacks without frames are refused`() throws {
    let text = try Sample.file(Sample.small)
    func reason(_ text: String) -> String {
      do {
        _ = try ProfileResultFile.read([UInt8](text.utf8), file: "p.json")
        return "read"
      } catch { return error.description }
    }
    #expect(reason("{}").contains("p.json: is no profile in heapscale's JSON"))
    #expect(
      reason(text.replacing("heapscale-profile-result/1", with: "heapscale/1")).contains("another kind"))
    #expect(
      reason(text.replacing("\"stack\":[0,1]", with: "\"stack\":[0,9]")).contains("sample 1 does not fit"))
  }

  @Test func `values that are no numbers cannot be exported as JSON, and the error says so`() throws {
    var profile = Sample.small
    profile.samples[0].values[0] = .nan
    let error = #expect(throws: ProfilesError.self) { try Sample.file(profile) }
    #expect(error?.description.contains("no finite number") == true)
    profile.samples[0].values = [1]
    #expect(throws: ProfilesError.self) { try PprofWriter.bytes(profile) }
    #expect(throws: ProfilesError.self) { try SpeedscopeWriter.text(profile, exporter: "x") }
  }
}
