import Model

/// A comparison as lines of GitHub's Markdown.
struct JudgementMarkdown {
  private static let titles = [
    "where", "metric", "baseline", "candidate", "change", "tolerated", "detects", "remarks",
  ]

  let result: ComparisonResult
  let session: Session?
  let choice: JudgementChoice

  /// Chooses what to show.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  init(result: ComparisonResult, session: Session?, options: ComparisonOptions) throws(ReportError) {
    self.result = result
    self.session = session
    choice = try JudgementChoice(result, options: options)
  }

  /// All lines of the report.
  var lines: [String] {
    let table = JudgementTable(choice.shown)
    let notes = ComparisonNotes(result: result, choice: choice, table: table)
    return head + sentences + table.groups.flatMap(lines) + notes.sections.flatMap(MarkdownNotes.lines)
  }

  private var head: [String] {
    let sides = [("baseline", result.baseline), ("candidate", result.candidate)]
      .map { "\($0) \(MarkdownText.code($1))" }
    let facts = (session.map(SessionFacts.items) ?? []).map(MarkdownText.prose)
    return ["## " + MarkdownText.prose(result.title), "", (sides + facts).joined(separator: " · ")]
  }

  private var sentences: [String] {
    let tally =
      choice.shown.isEmpty ? ["Nothing was compared."] : VerdictTally(choice.shown + choice.hidden).sentences
    let found = result.sentences.map { "- " + MarkdownText.prose($0) }
    return (found.isEmpty ? [] : [""] + found) + ["", tally.joined(separator: " ")]
  }

  /// A table; what is the same is folded away.
  private func lines(_ group: JudgementTable.Group) -> [String] {
    let title = "\(group.kind.sign) \(group.kind.title): \(group.count)"
    let rule = [":--", ":--", "--:", "--:", ":--", ":--", "--:", ":--"]
    let rows = group.pairs.flatMap { pair in
      pair.rows.map { JudgementMarkdown.line($0, of: pair, kind: group.kind) }
    }
    let table =
      ["", MarkdownNotes.row(JudgementMarkdown.titles), MarkdownNotes.row(rule)] + rows
    guard group.kind == .same else { return ["", "### " + title] + table }
    return ["", "<details>", "<summary>\(title)</summary>"] + table + ["", "</details>"]
  }

  private static func line(_ row: JudgementTable.Row, of pair: JudgementTable.Pair, kind: VerdictGroup)
    -> String
  {
    let change = MarkdownText.prose(row.change)
    let isNews = kind == .regression || kind == .improvement
    return MarkdownNotes.row([
      MarkdownText.prose("\(pair.title) (\(pair.trials))"), MarkdownText.prose(row.metric),
      MarkdownText.prose(row.baseline), MarkdownText.prose(row.candidate),
      (isNews ? "**\(change)**" : change) + row.marks, MarkdownText.prose(row.tolerated), row.detects,
      MarkdownText.prose(row.remarks),
    ])
  }
}
