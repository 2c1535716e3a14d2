import Model
import Testing

@testable import Reports

@Suite struct GoldenTests {
  @Test(arguments: [80, 120, 200])
  func `the table for a terminal stays as it was recorded`(width: Int) throws {
    let text = try TerminalReport().render(SampleSession.result, options: ReportOptions(width: width))
    try Golden.expect(text, is: "session-\(width).txt")
  }

  @Test func `colours stay as they were recorded`() throws {
    let options = ReportOptions(metrics: ["peak_resident", "cpu", "instructions"], width: 120, colour: true)
    try Golden.expect(
      TerminalReport().render(SampleSession.result, options: options), is: "session-colour.txt")
  }

  @Test func `Markdown stays as it was recorded`() throws {
    try Golden.expect(
      MarkdownReport().render(SampleSession.result, options: ReportOptions()), is: "session.md")
  }

  @Test func `CSV stays as it was recorded`() throws {
    let options = ReportOptions(metrics: ["peak_resident", "malloc_p99"])
    try Golden.expect(CSVReport().render(SampleSession.result, options: options), is: "session.csv")
  }

  @Test(arguments: ReportRegistry.all.map(\.id))
  func `hostile text stays as harmless as it was recorded`(format: String) throws {
    let text = try ReportRegistry.format(named: format)
      .render(HostileSession.result, options: ReportOptions(width: 120))
    let ending = try ReportRegistry.format(named: format).fileExtension
    try Golden.expect(text, is: "hostile-\(format).\(ending)")
  }

  @Test func `the texts of show stay as they were recorded`() throws {
    let options = ReportOptions(width: 100)
    try Golden.expect(
      ShowReport.session(SampleSession.result.session, options: options), is: "show-session.txt")
    try Golden.expect(ShowReport.sessions(SampleTrial.entries, options: options), is: "show-sessions.txt")
    try Golden.expect(
      ShowReport.trial(
        SampleTrial.trial, of: SampleTrial.cell, metrics: SampleMetrics.all, options: options),
      is: "show-trial.txt")
  }
}
