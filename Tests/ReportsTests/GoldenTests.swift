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

  @Test(arguments: [80, 140])
  func `settings in a terminal stay as they were recorded`(width: Int) throws {
    let text = try TerminalReport().render(SampleSettings.result, options: ReportOptions(width: width))
    try Golden.expect(text, is: "settings-\(width).txt")
  }

  @Test func `settings in colour, in Markdown and in CSV stay as they were recorded`() throws {
    let result = SampleSettings.result
    let options = ReportOptions(metrics: ["retained_resident", "faults_minor"], width: 100, colour: true)
    try Golden.expect(TerminalReport().render(result, options: options), is: "settings-colour.txt")
    try Golden.expect(MarkdownReport().render(result, options: ReportOptions()), is: "settings.md")
    try Golden.expect(CSVReport().render(result, options: options), is: "settings.csv")
  }

  @Test func `audits stay as they were recorded`() throws {
    for colour in [false, true] {
      let options = ReportOptions(width: 90, colour: colour)
      let text = AuditReport.text(SampleAudits.all, options: options)
      try Golden.expect(text, is: colour ? "audit-colour.txt" : "audit.txt")
    }
    let hostile = HostileSession.result.session.audits
    try Golden.expect(AuditReport.text(hostile, options: ReportOptions()), is: "hostile-audit.txt")
    try Golden.expect(AuditReport.json(hostile), is: "hostile-audit.json")
  }

  @Test(arguments: ReportRegistry.all.map(\.id).filter { $0 != "html" })
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
