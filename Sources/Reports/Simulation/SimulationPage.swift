import Model

/// The section of simulated memory events in each of the formats for people.
enum SimulationPage {
  /// Lines for a terminal, an empty one first; none when nothing was simulated. What is too wide for the terminal
  /// is shown cell by cell.
  static func terminal(_ table: SimulationTable, width: Int, paint: Paint) -> [String] {
    guard !table.isEmpty else { return [] }
    let head =
      ["", paint(SimulationTable.title, .heading)]
      + Wrap.items(table.facts.map(Visible.text), separator: " · ", width: width, lead: "  ", hang: 2)
      .map { paint($0, .faint) }
    let body = table.parts.flatMap { terminal($0, width: width, paint: paint) }
    let notes = NoteText.lines(
      NoteSection(title: "About the simulation", notes: table.notes), width: width, paint: paint)
    return head + body + (table.notes.isEmpty ? [] : [""] + notes)
  }

  private static func terminal(_ part: SimulationTable.Part, width: Int, paint: Paint) -> [String] {
    let rows = ([part.columns] + part.rows).map { $0.map(Visible.text) }
    let lines = AlignedText.lines(rows, right: Set(part.labels..<part.columns.count)).map { "  " + $0 }
    let title = Wrap.lines(part.title, width: width, lead: "  ", hang: 4)
    guard lines.contains(where: { DisplayWidth.of($0) > width }) else {
      return title + [paint(lines[0], .faint)] + lines.dropFirst()
    }
    return title
      + rows.dropFirst().flatMap { row in
        let name = row.prefix(part.labels).joined(separator: " ")
        let figures = zip(rows[0], row).dropFirst(part.labels).map { "\($0) \($1)" }
        return ["  " + DisplayWidth.truncate(name, to: max(20, width - 2))]
          + Wrap.items(Array(figures), separator: " · ", width: width, lead: "    ", hang: 4)
      }
  }

  /// Lines of GitHub's Markdown, an empty one first; none when nothing was simulated.
  static func markdown(_ table: SimulationTable) -> [String] {
    guard !table.isEmpty else { return [] }
    let facts = table.facts.map(MarkdownText.prose).joined(separator: " · ")
    let head = ["", "### " + SimulationTable.title] + (facts.isEmpty ? [] : ["", facts])
    let notes = NoteSection(title: "About the simulation", notes: table.notes)
    return head + table.parts.flatMap(markdown) + (table.notes.isEmpty ? [] : MarkdownNotes.lines(notes))
  }

  private static func markdown(_ part: SimulationTable.Part) -> [String] {
    let rule = part.columns.indices.map { $0 < part.labels ? ":--" : "--:" }
    let rows = part.rows.map { row in
      MarkdownNotes.row(
        row.enumerated().map { index, text in
          index < part.labels ? MarkdownText.code(text, inTable: true) : MarkdownText.prose(text)
        })
    }
    return ["", MarkdownText.prose(part.title), "", MarkdownNotes.row(part.columns.map(MarkdownText.prose))]
      + [MarkdownNotes.row(rule)] + rows
  }
}
