import Foundation
import Model
import Testing

@testable import Reports

@Suite struct ComparisonTests {
  private static func terminal(_ result: Model.ComparisonResult, _ options: ComparisonOptions = .init())
    throws
    -> String
  {
    try TerminalComparison().render(result, session: nil, options: options)
  }

  @Test func `what was found comes first, then regressions, improvements, inconclusive and same`() throws {
    let headings = [
      "jemalloc uses 18 % less", "5 comparisons gate", "Regressions: 2", "Regressions that only inform: 1",
      "Improvements: 1", "Inconclusive: 3", "The same within the threshold: 1", "Over all workloads",
      "Warnings",
      "Noise of the machine", "How far the baseline", "How to read it",
    ]
    for format in ["terminal", "markdown"] {
      let text = try ComparisonRegistry.format(named: format).render(
        SampleComparison.result, session: nil, options: ComparisonOptions())
      let places = headings.compactMap { text.range(of: $0)?.lowerBound }
      #expect(places.count == headings.count && places == places.sorted())
    }
  }

  @Test(arguments: [60, 80, 100, 160])
  func `no row is wider than the terminal while a column can go`(width: Int) throws {
    let text = try ComparisonTests.terminal(SampleComparison.result, ComparisonOptions(width: width))
    let rows = text.split(separator: "\n").filter { $0.firstMatch(of: /^\s\s[✗!✓?=]\s\s/) != nil }
    #expect(rows.count == 8)
    #expect(width == 60 || rows.allSatisfy { DisplayWidth.of(String($0)) <= width })
    #expect(text.contains("No room for") == (width < 100))
  }

  @Test func `what neither gates nor changed is counted, and shown when it is chosen`() throws {
    let text = try ComparisonTests.terminal(SampleComparison.result)
    #expect(text.contains("2 comparisons that only inform: 2 same (faults_minor, time_per_op)"))
    #expect(!text.contains("=  minor faults"))
    let chosen = try ComparisonTests.terminal(
      SampleComparison.result, ComparisonOptions(metrics: ["faults_minor"]))
    #expect(chosen.contains("=  minor faults") && chosen.contains("exact") && !chosen.contains("Not shown"))
    #expect(!chosen.contains("CPU ↓"))
  }

  @Test(arguments: ComparisonRegistry.all.map(\.id))
  func `an unknown metric is answered with the nearest name`(format: String) throws {
    let options = ComparisonOptions(metrics: ["peak_residnt"])
    let error = #expect(throws: ReportError.self) {
      try ComparisonRegistry.format(named: format).render(
        SampleComparison.result, session: nil, options: options)
    }
    #expect(error?.description == "unknown metric 'peak_residnt'; did you mean 'peak_resident'?")
  }

  @Test(arguments: ["terminal", "markdown", "github", "github-summary"])
  func `a comparison of nothing says so`(format: String) throws {
    let empty = Model.ComparisonResult(title: "a against b", baseline: "b", candidate: "a", judgements: [])
    let text = try ComparisonRegistry.format(named: format).render(
      empty, session: nil, options: ComparisonOptions(metrics: ["cpu"]))
    #expect(text.contains("Nothing was compared.") && !text.contains("How to read it"))
  }

  @Test func `a regression is red, one that informs is not`() throws {
    let text = try ComparisonTests.terminal(SampleComparison.result, ComparisonOptions(colour: true))
    let lines = text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("\u{1b}[1;31m  ✗  CPU ↓") && $0.hasSuffix("\u{1b}[0m") })
    #expect(lines.contains { $0.hasPrefix("\u{1b}[33m  !  wall ↓") })
  }

  @Test func `from zero throughout the change is one in the metric's unit`() throws {
    let text = try ComparisonTests.terminal(SampleComparison.result)
    #expect(text.contains("+12.0 MiB [11.8 MiB, 12.4 MiB]¹"))
    #expect(ChangeText.text(Difference(centre: -4, low: -6, high: 0), unit: .count) == "−4\u{A0}[−6,\u{A0}0]")
  }

  @Test func `numbers that are none are not shown`() throws {
    let text = try ComparisonTests.terminal(HostileComparison.result)
    #expect(text.firstMatch(of: /\b(nan|inf)\b/) == nil)
  }

  @Test func `thresholds are written as they are meant`() {
    let texts = [
      Threshold(relative: 0.07).text(unit: .seconds), Threshold(relative: 0.005).text(unit: .count),
      Threshold(relative: 0.02, absolute: 262_144).text(unit: .bytes),
      Threshold(relative: 0).text(unit: .count),
    ]
    #expect(
      texts.map { $0.replacing("\u{A0}", with: " ") } == ["7 %", "0.5 %", "2 % or 256 KiB", "0 %"])
  }

  @Test func `sides measured one after the other and of different size are told apart`() throws {
    let text = try ComparisonTests.terminal(SampleComparison.arms)
    #expect(text.contains("new against base (8 against 10 trials, one side after the other)"))
  }

  @Test func `a step summary is cut to its limit, between lines, with its fold closed`() {
    let rows = (0..<2000).map { "| row \($0) |" }
    let text = GitHubSummaryComparison.cut(["<details>"] + rows + ["</details>"], to: 4096)
    #expect(text.utf8.count <= 4096)
    let lines = text.split(separator: "\n")
    #expect(lines.filter { $0 == "</details>" }.count == 1)
    let kept = lines.filter { $0.hasPrefix("| row") }
    #expect(kept.count > 100 && kept.allSatisfy { $0.hasSuffix(" |") })
    #expect(text.contains("**Cut here:** \(2002 - 1 - kept.count) more lines"))
    #expect(GitHubSummaryComparison.cut(["a", "b"], to: 4096) == "a\nb\n")
    let long = GitHubSummaryComparison.cut([String(repeating: "x", count: 5000)], to: 4096)
    #expect(long.utf8.count <= 4096 && long.contains("1 more lines"))
  }

  @Test func `the summary of a huge comparison stays below what GitHub takes`() throws {
    var result = SampleComparison.result
    result.judgements = (0..<800).flatMap { _ in SampleComparison.result.judgements }
    let text = try GitHubSummaryComparison().render(result, session: nil, options: ComparisonOptions())
    #expect(text.utf8.count <= 1_048_576 && text.contains("**Cut here:**"))
  }

  @Test func `without verdict it says whether noise or the number of comparisons is the reason`() throws {
    let remarks = { (low: Double, high: Double) in
      JudgementText(
        judgement: SampleComparison.judged(
          "wall", SampleComparison.larson, 1, 1, SampleComparison.effect(low, low, high), .inconclusive)
      ).remarks.joined()
    }
    #expect(remarks(-0.02, 0.08).hasPrefix("crosses the threshold"))
    #expect(remarks(0.06, 0.08).hasPrefix("beyond the threshold"))
    #expect(remarks(-0.08, -0.06).hasPrefix("beyond the threshold"))
  }
}
