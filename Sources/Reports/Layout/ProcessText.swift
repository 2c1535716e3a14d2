import Model

/// Processes as lines of a terminal and of Markdown.
enum ProcessText {
  /// The longest name that is shown whole.
  private static let longestName = 32

  /// Rows below a head line, indented by two.
  static func terminal(_ rows: ProcessRows, paint: Paint) -> [String] {
    let texts = rows.rows.map { row -> [String] in
      let branch = row.depth == 0 ? "" : String(repeating: "  ", count: row.depth - 1) + "└ "
      return [
        branch + DisplayWidth.truncate(Visible.text(row.name), to: longestName), Visible.text(row.allocator),
      ] + row.figures + [row.outcome]
    }
    let lines = AlignedText.lines([ProcessRows.titles] + texts, right: Set(2...6)).map { "  " + $0 }
    let painted = zip(lines.dropFirst(), rows.rows).map { line, row in
      paint(
        line, row.kind.outcome.map { $0 != .ok } ?? false ? .failure : row.kind.verified ? .plain : .doubt)
    }
    return [paint(lines[0], .faint)] + painted
  }

  /// The section of a session for a terminal; nothing where no cell is a tree.
  static func terminal(_ tables: ProcessTables, width: Int, paint: Paint) -> [String] {
    guard !tables.entries.isEmpty else { return [] }
    let head = ["", paint(ProcessTables.title, .heading) + "  " + ProcessTables.explanation]
    let body = tables.entries.flatMap { entry in
      ["  " + Visible.text(entry.name) + " · block \(entry.block) · \(entry.rows.count) processes"]
        + terminal(entry.rows, paint: paint)
    }
    return head + body + notes(tables.notes, width: width)
  }

  /// Notes below a table.
  static func notes(_ notes: [String], width: Int) -> [String] {
    notes.flatMap { Wrap.lines($0, width: width, lead: "  ", hang: 4) }
  }

  /// The section of a session in Markdown.
  static func markdown(_ tables: ProcessTables) -> [String] {
    guard !tables.entries.isEmpty else { return [] }
    let head = ["", "#### \(ProcessTables.title)", "", MarkdownText.prose(ProcessTables.explanation)]
    let body = tables.entries.flatMap { entry -> [String] in
      let rule = ProcessRows.titles.indices.map { (2...6).contains($0) ? "--:" : ":--" }
      return [
        "", "**\(MarkdownText.prose(entry.name))** · block \(entry.block) · \(entry.rows.count) processes",
        "",
      ]
        + [MarkdownNotes.row(ProcessRows.titles), MarkdownNotes.row(rule)] + entry.rows.rows.map(row)
    }
    let notes = tables.notes.map { "- " + MarkdownText.prose($0) }
    return head + body + (notes.isEmpty ? [] : [""] + notes)
  }

  private static func row(_ row: ProcessRows.Row) -> String {
    let branch = row.depth == 0 ? "" : String(repeating: "&emsp;", count: row.depth - 1) + "└ "
    return MarkdownNotes.row(
      [branch + MarkdownText.code(row.name, inTable: true), MarkdownText.prose(row.allocator)]
        + row.figures.map(MarkdownText.prose) + [MarkdownText.prose(row.outcome)])
  }
}
