import Model

/// Heading, table and notes in the width of a terminal.
struct TerminalPage {
  private let result: SessionResult
  private let choice: MetricChoice
  private let table: ComparisonTable
  private let grid: TerminalGrid
  private let width: Int
  private let paint: Paint

  /// Finds the widest form that fits: intervals go first, then the last columns; one metric always stays.
  init(result: SessionResult, choice: MetricChoice, options: ReportOptions) {
    let paint = Paint(isOn: options.colour)
    var table = ComparisonTable(result, choice: choice)
    var grid = TerminalGrid(table, showsSpreads: true, paint: paint)
    var count = choice.shown.count
    while grid.width > options.width, grid.showsSpreads || count > 1 {
      count -= grid.showsSpreads ? 0 : 1
      // Laid out anew, so that footnotes of hidden columns vanish with them.
      table = ComparisonTable(result, choice: choice.limited(to: count))
      grid = TerminalGrid(table, showsSpreads: false, paint: paint)
    }
    self.result = result
    self.choice = choice
    self.table = table
    self.grid = grid
    self.paint = paint
    width = options.width
  }

  /// All lines of the report.
  var lines: [String] {
    let facts = SessionFacts.items(result.session).map(Visible.text)
    return [paint(Visible.text(result.session.plan.title), .heading)]
      + Wrap.items(facts, separator: " · ", width: width).map { paint($0, .faint) }
      + (table.groups.isEmpty ? ["", "No cell was measured."] : table.groups.flatMap(lines))
      + SimulationPage.terminal(SimulationTable(result), width: width, paint: paint)
      + ProcessText.terminal(ProcessTables(result), width: width, paint: paint)
      + sections.flatMap { [""] + NoteText.lines($0, width: width, paint: paint) }
  }

  private func lines(_ group: ComparisonTable.Group) -> [String] {
    let title = Visible.text(group.title)
    let details = group.details.map(Visible.text)
    let rows = grid.header + group.rows.map(grid.line)
    if group.areCommands {
      let commands = details.flatMap { Wrap.lines($0, width: width, lead: "  ", hang: 4) }
      return ["", paint(title, .heading)] + commands + rows
    }
    let indent = DisplayWidth.of(title) + 2
    let start = String(repeating: " ", count: indent)
    var parameters = Wrap.items(details, separator: "  ", width: width, lead: start, hang: indent)
    parameters[0] = paint(title, .heading) + "  " + parameters[0].dropFirst(indent)
    return [""] + parameters.map(\.trimmingTrailingSpaces) + rows
  }

  private var sections: [NoteSection] {
    let best = paint.isOn ? "green" : "*"
    let notes = TableNotes(
      result: result, table: table, metrics: choice.shown, bestMark: best, showsSpreads: grid.showsSpreads)
    let hidden = hiddenNotes
    return (hidden.isEmpty ? [] : [NoteSection(title: "Not shown", notes: hidden)]) + notes.sections
  }

  private var hiddenNotes: [NoteSection.Note] {
    let hidden = choice.shown.dropFirst(table.columns.count).map(\.id.rawValue)
    var notes: [NoteSection.Note] = []
    if !hidden.isEmpty {
      notes.append(
        NoteSection.Note(
          lead: hidden.count == 1 ? "1 column" : "\(hidden.count) columns",
          text: "see a wider terminal or --metrics \(hidden.joined(separator: ","))"))
    }
    if !grid.showsSpreads, table.figures.contains(where: { $0.spread?.isEmpty == false }) {
      notes.append(
        NoteSection.Note(lead: "intervals", text: "see a wider terminal, fewer --metrics or another format"))
    }
    return notes
  }
}
