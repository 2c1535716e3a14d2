import Model
import Testing

@testable import Reports

@Suite struct AnnotationTests {
  private static func lines(_ result: ComparisonResult, place: InputError.Location? = nil) throws -> [String]
  {
    try GitHubComparison().render(result, session: nil, options: ComparisonOptions(place: place))
      .split(separator: "\n").map(String.init)
  }

  @Test func `the worst nine of many and a summary are annotated`() throws {
    var result = SampleComparison.result
    result.judgements = (1...12).map { step in
      SampleComparison.judged(
        "cpu", SampleComparison.larson, 1, 1, SampleComparison.effect(Double(step) / 10, 0.05, 2), .regression
      )
    }
    let lines = try AnnotationTests.lines(result)
    #expect(lines.count == 10 && lines.allSatisfy { $0.hasPrefix("::error ") })
    let changes = lines.dropLast().compactMap { $0.firstMatch(of: /\+([0-9]+) %25/)?.1 }.compactMap {
      Int($0)
    }
    #expect(changes == [120, 110, 100, 90, 80, 70, 60, 50, 40])
    #expect(lines[9].contains("3 more have no annotation of their own."))
  }

  @Test func `only gated regressions are errors, and the summary is as grave as the worst`() throws {
    let kinds = { (result: ComparisonResult) in
      try AnnotationTests.lines(result).map { $0.split(separator: " ")[0] }
    }
    #expect(
      try kinds(SampleComparison.result) == ["::error", "::error", "::warning", "::warning", "::error"])
    #expect(try kinds(SampleComparison.arms) == ["::notice"])
    var doubtful = SampleComparison.arms
    doubtful.judgements[0].verdict = .inconclusive
    #expect(try kinds(doubtful) == ["::warning", "::warning"])
    doubtful.judgements[0].threshold.gates = false
    #expect(try kinds(doubtful) == ["::notice"])
  }

  @Test func `annotations point to the file they were told`() throws {
    let place = InputError.Location(file: "a,b:c%.yaml", line: 7, column: 2)
    let lines = try AnnotationTests.lines(SampleComparison.arms, place: place)
    #expect(
      lines[0].hasPrefix("::notice file=a%2Cb%3Ac%25.yaml,line=7,title=heapscale%3A new against base::1 "))
    #expect(!(try AnnotationTests.lines(SampleComparison.arms))[0].contains("file="))
  }

  @Test func `foreign text can neither end a property nor begin a command`() throws {
    for line in try AnnotationTests.lines(HostileComparison.result) {
      let head = try #require(line.firstMatch(of: /^::(error|warning|notice) title=([^:,]*)::(.*)$/))
      #expect(!head.2.contains("\r") && !head.3.contains("\r"))
      #expect(head.3.matches(of: /%(?!25|0A|0D)/).isEmpty)
    }
    #expect(WorkflowText.message(["50 %", "a\nb"]) == "50 %25%0Aa\\nb")
    #expect(WorkflowText.property("a:b,c%") == "a%3Ab%2Cc%25")
  }
}
