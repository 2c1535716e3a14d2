import Model

/// The comparison table in GitHub's Markdown, for a README, a pull request or a step summary.
struct MarkdownReport: ReportFormat {
  let id = "markdown"
  let fileExtension = "md"
  let summary = "tables for GitHub, with everything a reader needs below them"

  /// Writes heading, one table for each workload, and notes.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let choice = try MetricChoice(result, options: options)
    let table = ComparisonTable(result, choice: choice)
    let notes = TableNotes(
      result: result, table: table, metrics: choice.shown, bestMark: "bold", showsSpreads: true)
    let head = [
      "## " + MarkdownText.prose(result.session.plan.title), "",
      SessionFacts.items(result.session).map(MarkdownText.prose).joined(separator: " · "),
    ]
    let empty = table.groups.isEmpty ? ["", "No cell was measured."] : []
    let lines =
      head + empty + table.groups.flatMap { MarkdownReport.lines($0, in: table) }
      + SimulationPage.markdown(SimulationTable(result)) + ProcessText.markdown(ProcessTables(result))
      + notes.sections.flatMap(MarkdownNotes.lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ group: ComparisonTable.Group, in table: ComparisonTable) -> [String] {
    let headings = table.labelTitles + table.columns.map { MarkdownText.prose(ComparisonTable.heading($0)) }
    let noColumn = table.columns.isEmpty ? ["outcome"] : []
    let rule = table.labelTitles.map { _ in ":--" } + table.columns.map { _ in "--:" }
    let details = group.details.map { (group.areCommands ? "- " : "") + MarkdownText.code($0) }
    return ["", "### " + MarkdownText.prose(group.title), ""]
      + (details.isEmpty ? [] : [details.joined(separator: group.areCommands ? "\n" : " "), ""])
      + [MarkdownNotes.row(headings + noColumn), MarkdownNotes.row(rule + noColumn.map { _ in ":--" })]
      + group.rows.map { line($0, in: table) }
  }

  private static func line(_ line: ComparisonTable.Row, in table: ComparisonTable) -> String {
    let labels = zip(line.labels, table.labelTitles).map { label, title in
      let marks = (line.isVerified ? "" : " ?") + (line.isPartial ? " !" : "")
      let signs = title == "settings" && !line.signs.isEmpty ? " " + MarkdownText.prose(line.signs) : ""
      return MarkdownText.code(label, inTable: true) + (title == "variant" ? marks : "") + signs
    }
    switch line.content {
    case .figures(let entries): return MarkdownNotes.row(labels + entries.map(cell))
    case .failed(let outcome):
      let blanks = table.columns.dropFirst().map { _ in "" }
      return MarkdownNotes.row(labels + [MarkdownText.prose(outcome)] + blanks)
    }
  }

  private static func cell(_ entry: ComparisonTable.Entry) -> String {
    guard case .figure(let figure) = entry else {
      if case .missing(let mark) = entry { return "—" + mark }
      return ""
    }
    let median = MarkdownText.prose(
      (figure.isBelowResolution ? "" : figure.provenance.mark) + figure.median)
    let spread = MarkdownText.prose(figure.spread ?? "±∞") + (figure.doubt ?? "")
    return [figure.isBest ? "**\(median)**" : median, spread, figure.ratio ?? ""]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}
