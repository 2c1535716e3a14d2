import Model

/// The table of functions for each place where tables are read. What a profile says nothing of is `—`, never 0.
public enum FunctionReport {
  /// For a terminal, in the order of the table's rows; of the options width and colour apply.
  ///
  /// With `cumulative`, values include what a function called; columns without callers stay own. Without `rows`, at
  /// most twenty functions are shown, and none that has less than 0.5 % everywhere. What `said` holds was said above.
  public static func text(
    _ table: FunctionTable, rows: Int? = nil, cumulative: Bool = false, said: Set<String> = [],
    options: ReportOptions
  ) -> String {
    let paint = Paint(isOn: options.colour)
    var lines = [paint(Visible.text(table.title), .heading)]
    lines += FunctionGrid(table, most: rows, cumulative: cumulative, options: options).lines
    for section in notes(table, besides: said) {
      lines += [""] + NoteText.lines(section, width: options.width, paint: paint)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// In GitHub's Markdown.
  public static func markdown(
    _ table: FunctionTable, rows: Int? = nil, cumulative: Bool = false, said: Set<String> = []
  ) -> String {
    let figures = FunctionFigures(table, cumulative: cumulative)
    let titles = table.columns.indices.map { MarkdownText.prose(figures.title($0)) }
    var lines = [
      "## " + MarkdownText.prose(table.title), "",
      MarkdownNotes.row(["function", "file"] + titles),
      MarkdownNotes.row([":--", ":--"] + titles.map { _ in "--:" }),
    ]
    let chosen = FunctionChoice.rows(of: table, most: rows, cumulative: cumulative)
    for row in chosen {
      let values = table.columns.indices.map { MarkdownText.prose(figures.text(row, $0)) }
      let file = row.object.isEmpty ? "" : MarkdownText.code(row.object, inTable: true)
      lines.append(MarkdownNotes.row([MarkdownText.code(row.function, inTable: true), file] + values))
    }
    let hidden = table.rows.count - chosen.count
    if hidden > 0 { lines += ["", "\(hidden) more function\(hidden == 1 ? " is" : "s are") not shown."] }
    lines += notes(table, besides: said).flatMap(MarkdownNotes.lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for each function and column that has a value, in base units. RFC 4180 with a head line.
  public static func csv(_ table: FunctionTable) -> String {
    let titles = [
      "function", "object", "role", "column", "unit", "provenance", "own", "cumulative", "total",
    ]
    var text = CSVText.record(titles.map(CSVText.Field.text))
    for row in table.rows {
      for (column, value) in zip(table.columns, row.values) {
        guard let value else { continue }
        text += CSVText.record([
          .text(row.function), .text(row.object), .text(row.role.rawValue), .text(column.name),
          .text(column.unit.rawValue), .text(column.provenance.rawValue), .number(value.own),
          .number(value.cumulative), .number(column.total),
        ])
      }
    }
    return text
  }

  /// Everything for programs: schema `heapscale-functions/1`, see `Schema/heapscale-functions-1.schema.json`.
  public static func json(_ table: FunctionTable) -> String {
    let columns = table.columns.map { column in
      JSONText.object([
        ("name", .string(column.name)), ("unit", .string(column.unit.rawValue)),
        ("provenance", .string(column.provenance.rawValue)), ("explanation", .string(column.explanation)),
        ("total", .optional(column.total)), ("has_cumulative", .boolean(column.hasCumulative)),
      ])
    }
    let document = JSONText.object([
      ("schema", .string("heapscale-functions/1")), ("title", .string(table.title)),
      ("columns", .array(columns)), ("functions", .array(table.rows.map { json($0, of: table) })),
      ("notes", .strings(table.notes)),
    ])
    return document.text() + "\n"
  }

  private static func json(_ row: FunctionTable.Row, of table: FunctionTable) -> JSONText {
    // A column that says nothing of the function has no key.
    let values = zip(table.columns, row.values).compactMap { column, value in
      value.map {
        (
          key: column.name,
          value: JSONText.object([("own", .optional($0.own)), ("cumulative", .optional($0.cumulative))])
        )
      }
    }
    return .object([
      ("function", .string(row.function)), ("object", .string(row.object)),
      ("role", .string(row.role.rawValue)), ("values", .dictionary(values)),
    ])
  }

  private static func notes(_ table: FunctionTable, besides said: Set<String>) -> [NoteSection] {
    let meanings = table.columns.filter { !said.contains($0.explanation) }.map {
      NoteSection.Note(lead: $0.name, text: $0.explanation + " (\($0.provenance.rawValue))")
    }
    let doubts = table.notes.filter { !said.contains($0) }.map { NoteSection.Note(lead: "", text: $0) }
    return [NoteSection(title: "Columns", notes: meanings), NoteSection(title: "Notes", notes: doubts)]
      .filter { !$0.notes.isEmpty }
  }
}
