import Model

/// Functions and their values in columns of a terminal.
struct FunctionGrid {
  private let table: FunctionTable
  private let figures: FunctionFigures
  private let rows: [FunctionTable.Row]
  private let options: ReportOptions
  private static let longestName = 48
  private static let longestTitle = 28

  /// Prepares the rows that are shown.
  init(_ table: FunctionTable, most: Int?, cumulative: Bool, options: ReportOptions) {
    self.table = table
    self.options = options
    figures = FunctionFigures(table, cumulative: cumulative)
    rows = FunctionChoice.rows(of: table, most: most, cumulative: cumulative)
  }

  /// Head, rule, functions, and what is not shown.
  var lines: [String] {
    guard !rows.isEmpty else { return ["", "No function is known."] }
    let paint = Paint(isOn: options.colour)
    var count = table.columns.count
    var grid = aligned(columns: count)
    // The last columns go first; one always stays.
    while count > 1, grid.contains(where: { DisplayWidth.of($0) > options.width - 2 }) {
      count -= 1
      grid = aligned(columns: count)
    }
    let body = grid.map { "  " + DisplayWidth.truncate($0, to: max(20, options.width - 2)) }
    let width = body.map(DisplayWidth.of).max() ?? 2
    var lines = ["", paint(body[0], .faint), paint("  " + String(repeating: "─", count: width - 2), .faint)]
    lines += body.dropFirst()
    let hidden = table.rows.count - rows.count
    if hidden > 0 { lines.append("  … and \(hidden) more function\(hidden == 1 ? "" : "s")") }
    let missing = table.columns.dropFirst(count).map { Visible.text($0.name) }
    if !missing.isEmpty {
      let text = "not shown for want of width: \(missing.joined(separator: ", "))"
      lines += Wrap.lines(text, width: options.width, lead: "  ", hang: 4)
    }
    return lines
  }

  private func aligned(columns count: Int) -> [String] {
    let titles = (0..<count).map {
      DisplayWidth.truncate(Visible.text(figures.title($0)), to: FunctionGrid.longestTitle)
    }
    let head = ["function"] + titles
    let body = rows.map { row in
      [FunctionGrid.name(row)] + (0..<count).map { figures.text(row, $0) }
    }
    return AlignedText.lines([head] + body, right: Set(1..<(count + 1)))
  }

  private static func name(_ row: FunctionTable.Row) -> String {
    let file = row.object.isEmpty ? "" : "  " + DisplayWidth.truncate(Visible.text(row.object), to: 20)
    return DisplayWidth.truncate(Visible.text(row.function), to: longestName) + file
  }
}
