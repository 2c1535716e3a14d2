import Model

/// The comparison table for a terminal: as wide as it is, in colours if the caller wants them.
struct TerminalReport: ReportFormat {
  let id = "terminal"
  let fileExtension = "txt"
  let summary = "table for a terminal of a given width, with or without colours"

  /// Writes heading, table and notes.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let table = try ComparisonTable(result, options: options)
    let paint = Paint(isOn: options.colour)
    let grid = TerminalGrid.fitting(table, width: options.width, paint: paint)
    let lines =
      TerminalReport.head(result.session, width: options.width, paint: paint)
      + TerminalReport.body(table, grid, width: options.width, paint: paint)
      + TerminalReport.notes(result, table, grid, width: options.width, paint: paint)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func head(_ session: Session, width: Int, paint: Paint) -> [String] {
    let facts = SessionFacts.line(session)
    return [paint(Visible.text(session.plan.title), .heading)]
      + Wrap.lines(Visible.text(facts), width: width).map { paint($0, .faint) }
  }

  private static func body(_ table: ComparisonTable, _ grid: TerminalGrid, width: Int, paint: Paint)
    -> [String]
  {
    if table.groups.isEmpty { return ["", "No cell was measured."] }
    return table.groups.flatMap { group in
      let title = Visible.text(group.title)
      let details = group.details.map(Visible.text).joined(separator: "  ")
      var lines = Wrap.lines(
        details, width: width, lead: title + (details.isEmpty ? "" : "  "), hang: title.count + 2)
      lines[0] = paint(title, .heading) + lines[0].dropFirst(title.count)
      return [""] + lines + grid.header + group.rows.map(grid.line)
    }
  }

  private static func notes(
    _ result: SessionResult, _ table: ComparisonTable, _ grid: TerminalGrid, width: Int, paint: Paint
  ) -> [String] {
    let best = paint.isOn ? "green" : "*"
    var sections = TableNotes(result: result, table: table, bestMark: best).sections
    let hidden = hiddenNotes(table, grid)
    if !hidden.isEmpty { sections.insert(NoteSection(title: "Not shown", notes: hidden), at: 0) }
    return sections.flatMap { [""] + NoteText.lines($0, width: width, paint: paint) }
  }

  private static func hiddenNotes(_ table: ComparisonTable, _ grid: TerminalGrid) -> [NoteSection.Note] {
    var notes: [NoteSection.Note] = []
    if grid.hiddenCount > 0 {
      let names = table.columns.suffix(grid.hiddenCount).map(\.id.rawValue).joined(separator: ",")
      notes.append(
        NoteSection.Note(
          lead: "\(grid.hiddenCount) column" + (grid.hiddenCount == 1 ? "" : "s"),
          text: "for lack of width: --metrics \(names), or a wider terminal"))
    }
    if !grid.showsSpreads, table.figures.contains(where: { $0.spread != nil }) {
      notes.append(
        NoteSection.Note(
          lead: "intervals", text: "for lack of width: fewer --metrics, a wider terminal, or another format"))
    }
    return notes
  }
}
