import Foundation
import Model
import Testing

@testable import Reports

@Suite struct JUnitTests {
  private static let schema = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Reports/Schema/junit.xsd").standardized
  private static let documents = [SampleComparison.result, SampleComparison.arms, HostileComparison.result]

  private static func text(_ result: Model.ComparisonResult, _ options: ComparisonOptions = .init()) throws
    -> String
  {
    try JUnitComparison().render(result, session: SampleComparison.session, options: options)
  }

  /// The parts of each test case between its tags.
  private static func cases(_ text: String) -> [String] {
    text.components(separatedBy: "<testcase ").dropFirst().map {
      $0.components(separatedBy: "</testcase>")[0]
    }
  }

  @Test func `real output obeys the schema`() throws {
    for result in JUnitTests.documents {
      #expect(try XMLSchemaCheck.faults(of: JUnitTests.text(result), schema: JUnitTests.schema) == "")
    }
    let empty = Model.ComparisonResult(title: "", baseline: "", candidate: "", judgements: [])
    #expect(try XMLSchemaCheck.faults(of: JUnitTests.text(empty), schema: JUnitTests.schema) == "")
  }

  @Test(.enabled(if: XMLSchemaCheck.hasValidator, "libxml2 cannot be asked: pip install lxml"))
  func `real output obeys the schema in the eyes of libxml2`() throws {
    for result in JUnitTests.documents {
      #expect(
        try XMLSchemaCheck.validatorFaults(of: JUnitTests.text(result), schema: JUnitTests.schema) == "")
    }
  }

  @Test func `the check finds unknown and missing parts, wrong values and a wrong order`() throws {
    let text = """
      <testsuites tests="1" failures="-1" errors="0" skipped="0" colour="red"><testsuite name="a" tests="1" failures="0"
      errors="0"><testcase name="n"><system-out/><skipped message=""/></testcase><blink/></testsuite></testsuites>
      """
    let faults = try XMLSchemaCheck.faults(of: text, schema: JUnitTests.schema).split(separator: "\n")
    #expect(
      faults == [
        "testsuites failures cannot be '-1'", "testsuites has an unknown attribute colour",
        "testsuite lacks skipped", "testsuite must not hold blink there", "testcase lacks classname",
        "testcase must not hold skipped there", "unknown element blink",
      ])
  }

  @Test func `gated regressions fail, inconclusive ones are skipped, all others pass`() throws {
    let cases = JUnitTests.cases(try JUnitTests.text(SampleComparison.result))
    for (text, judgement) in zip(cases, SampleComparison.result.judgements) {
      let fails = judgement.verdict == .regression && judgement.threshold.gates
      #expect(text.contains("<failure type=\"regression\"") == fails)
      #expect(text.contains("<skipped ") == (judgement.verdict == .inconclusive))
    }
    #expect(cases.count == 10 && cases.filter { $0.contains("<failure") }.count == 2)
    #expect(cases[1].contains("message=\"+6.2 % [4.1, 8.3] &gt; 3 %\""))
    #expect(cases[7].contains("needs 5 more trials of each side"))
  }

  @Test func `the counts are those of the cases`() throws {
    let text = try JUnitTests.text(SampleComparison.result)
    let counts = "tests=\"10\" failures=\"2\" errors=\"0\" skipped=\"3\""
    #expect(text.ranges(of: counts).count == 2)
  }

  @Test func `what gates and was not compared is a failed case, also when nothing was`() throws {
    for judgements in [SampleComparison.result.judgements, []] {
      var result = SampleComparison.result
      result.judgements = judgements
      result.gaps = ["cpu of larson, which the baseline has no value of"]
      let text = try JUnitTests.text(result)
      let failures = judgements.isEmpty ? 1 : 3
      #expect(text.contains("tests=\"\(judgements.count + 1)\" failures=\"\(failures)\""), "\(text)")
      let last = try #require(JUnitTests.cases(text).last)
      #expect(last.contains("<failure type=\"not-compared\"") && last.contains("cpu of larson"), "\(last)")
      #expect(try XMLSchemaCheck.faults(of: text, schema: JUnitTests.schema) == "")
      for format in ["markdown", "terminal", "github", "github-summary"] {
        let shown = try ComparisonRegistry.format(named: format).render(
          result, session: SampleComparison.session, options: ComparisonOptions())
        #expect(shown.lowercased().contains("not compared") && shown.contains("cpu of larson"), "\(shown)")
        #expect(format != "github" || shown.contains("::error"))
      }
    }
  }

  @Test func `every case has a name of its own, also against two baselines`() throws {
    var result = SampleComparison.result
    result.judgements += result.judgements.map { judgement in
      var other = judgement
      other.baseline.name = "musl"
      return other
    }
    for sample in [SampleComparison.result, result] {
      let names = JUnitTests.cases(try JUnitTests.text(sample)).map {
        $0.components(separatedBy: " time=")[0]
      }
      #expect(Set(names).count == sample.judgements.count)
    }
  }

  @Test func `names of arms do not make packages`() throws {
    var result = SampleComparison.arms
    result.judgements[0].candidate.cell = Cell(
      subject: .command(arm: "app.v2", arguments: ["./app"]), variant: SampleComparison.glibc, settings: .none
    )
    #expect(try JUnitTests.text(result).contains("classname=\"Allocators at a glance.app_v2\""))
  }

  @Test func `the times of the cases add up to the candidate's wall time`() throws {
    let text = try JUnitTests.text(SampleComparison.result)
    let times = JUnitTests.cases(text).compactMap { $0.firstMatch(of: /time="([0-9.]+)"/)?.1 }.compactMap {
      Double($0)
    }
    #expect(times.count == 10)
    let wall = 10 * (0.471 + 0.305)
    #expect(abs(times.reduce(0, +) - wall) < 0.02)
    let given = try JUnitTests.text(SampleComparison.result, ComparisonOptions(elapsed: 83.25))
    #expect(
      given.contains("<testsuites name=\"heapscale\"") && given.ranges(of: "time=\"83.250\"").count == 2)
    #expect(!(try JUnitTests.text(SampleComparison.arms)).contains("time="))
  }
}
