import Model
import Testing

@testable import Reports

@Suite struct TableTests {
  private static func text(_ result: SessionResult, _ options: ReportOptions) throws -> String {
    try TerminalReport().render(result, options: options)
  }

  @Test(arguments: [40, 60, 80, 100, 120, 160, 200])
  func `no row is wider than the terminal while more than one column is shown`(width: Int) throws {
    let result = SampleSession.result
    let page = TerminalPage(
      result: result, choice: try MetricChoice(result, options: ReportOptions()),
      options: ReportOptions(width: width))
    let rows = page.lines.filter { $0.hasPrefix("  glibc/dynamic  ") && $0.contains("1.00×") }
    let columns = rows[0].split(separator: "×").count
    #expect(rows.count == 3)
    #expect(columns == 1 || rows.allSatisfy { DisplayWidth.of($0) <= width })
  }

  @Test func `a wider terminal never shows less`() throws {
    let shown = try stride(from: 40, through: 240, by: 5).map { width in
      try TableTests.text(SampleSession.result, ReportOptions(width: width))
        .split(separator: "\n").first { $0.hasPrefix("  glibc/dynamic  ") }?.filter { "×±".contains($0) }
        .count ?? 0
    }
    #expect(shown == shown.sorted())
    #expect(shown.first == 1 && shown.last == 2 * MetricChoice.standard.count)
  }

  @Test func `intervals go before columns, and what is hidden is named`() throws {
    let narrow = try TableTests.text(SampleSession.result, ReportOptions(width: 80))
    #expect(!narrow.contains("±"))
    #expect(narrow.contains("cpu,wall,throughput"))
    #expect(!narrow.contains("operations per wall second"))
    let wide = try TableTests.text(SampleSession.result, ReportOptions(width: 200))
    #expect(wide.contains("±") && !wide.contains("Not shown"))
  }

  @Test func `a failed cell shows its outcome and no number`() throws {
    let text = try TableTests.text(HostileSession.result, ReportOptions(metrics: ["peak_resident"]))
    let row = try #require(text.split(separator: "\n").first { $0.contains("signal-11 3/3") })
    #expect(!row.contains("KiB") && !row.contains("×"))
  }

  @Test func `equal reasons share a footnote, and only those that are shown are listed`() throws {
    let options = ReportOptions(metrics: ["retained_resident"])
    let text = try TableTests.text(SampleSession.result, options)
    #expect(text.components(of: "—¹") > 1)
    #expect(text.components(of: "the idle phase was too short") == 1)
    #expect(!text.contains("²"))
  }

  @Test func `a metric without any value is left out with one note`() throws {
    let options = ReportOptions(metrics: ["malloc_p99", "cpu"], width: 200)
    let text = try TableTests.text(SampleSession.result, options)
    #expect(!text.contains("malloc p99 ↓"))
    #expect(text.components(of: "not asked for: --latency") == 1)
    #expect(text.contains("left out because no cell has a value: malloc p99 (not asked"))
  }

  @Test func `no best is marked where all are equal`() throws {
    let options = ReportOptions(metrics: ["faults_minor"])
    #expect(!(try TableTests.text(HostileSession.result, options)).contains("*0"))
  }

  @Test func `origins other than counted are marked`() throws {
    let options = ReportOptions(metrics: ["mean_resident", "instructions", "cpu"], width: 200)
    let text = try TableTests.text(SampleSession.result, options)
    let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("  glibc/static") })
    #expect(row.components(of: "~") == 1 && row.components(of: "sim ") == 1)
  }

  @Test func `doubt travels with the figure, with and without room for intervals`() throws {
    for width in [60, 200] {
      let options = ReportOptions(metrics: ["peak_resident"], width: width)
      let text = try TableTests.text(HostileSession.result, options)
      #expect(text.contains("¹") && text.contains("needs 6 trials for a 95 % interval"))
    }
  }

  @Test func `a session without cells says so and lists what was skipped`() throws {
    var empty = SampleSession.result
    empty.cells = []
    let text = try TableTests.text(empty, ReportOptions(metrics: ["cpu"]))
    #expect(text.contains("No cell was measured.") && text.contains("apt-get install libtbbmalloc2"))
  }

  @Test(arguments: ["terminal", "markdown"])
  func `where every cell failed the outcomes are there all the same`(format: String) throws {
    var failed = SampleSession.result
    failed.cells = failed.cells.filter(\.isFailed)
    let text = try ReportRegistry.format(named: format).render(failed, options: ReportOptions())
    #expect(text.components(of: "preload-failed 10/10") == 3)
  }

  @Test func `control codes appear with colour only, and never from foreign text`() throws {
    let plain = try TableTests.text(HostileSession.result, ReportOptions(width: 120))
    #expect(!plain.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) })
    let coloured = try TableTests.text(HostileSession.result, ReportOptions(width: 120, colour: true))
    #expect(coloured.contains("\u{1b}[1m"))
    #expect(!coloured.contains("\u{1b}[2J") && !coloured.contains("\u{202e}"))
  }
}

extension StringProtocol {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
