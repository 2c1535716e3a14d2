import Model

/// A comparison table in columns of a terminal: how wide each part is.
struct TerminalGrid {
  /// Widths of one metric's parts: median, spread and ratio each stand below each other.
  private struct Column {
    let heading: String
    var median = 0
    var spread = 0
    var ratio = 0

    /// All parts with single spaces between them.
    var inner: Int { [median, spread, ratio].filter { $0 > 0 }.reduce(-1) { $0 + $1 + 1 } }
    var total: Int { max(DisplayWidth.of(heading), inner) }
  }

  /// The three parts of a figure.
  private struct Parts {
    let median: String
    let spread: String
    let ratio: String
    let isBest: Bool
  }

  private static let gap = "  "
  private static let longestLabel = 40

  private let table: ComparisonTable
  private let paint: Paint
  /// Whether the intervals are shown.
  let showsSpreads: Bool
  private let labelWidths: [Int]
  private var columns: [Column]

  /// Measures every part of a table.
  init(_ table: ComparisonTable, showsSpreads: Bool, paint: Paint) {
    self.table = table
    self.paint = paint
    self.showsSpreads = showsSpreads
    let rows = table.groups.flatMap(\.rows)
    labelWidths = table.labelTitles.enumerated().map { index, title in
      rows.reduce(DisplayWidth.of(title)) {
        max($0, DisplayWidth.of(TerminalGrid.label($1, index, in: table)))
      }
    }
    columns = table.columns.map { Column(heading: ComparisonTable.heading($0)) }
    for case .figures(let entries) in rows.map(\.content) {
      for (index, entry) in entries.enumerated() {
        let parts = parts(entry)
        columns[index].median = max(columns[index].median, DisplayWidth.of(parts.median))
        columns[index].spread = max(columns[index].spread, DisplayWidth.of(parts.spread))
        columns[index].ratio = max(columns[index].ratio, DisplayWidth.of(parts.ratio))
      }
    }
  }

  /// Columns of the terminal that the table takes.
  var width: Int {
    labelWidths.reduce(0) { $0 + $1 + 2 } + columns.reduce(0) { $0 + $1.total + TerminalGrid.gap.count }
  }

  /// The headings with a rule below.
  var header: [String] {
    let labels = zip(table.labelTitles, labelWidths).map { DisplayWidth.padEnd($0, to: $1) }
    let metrics = columns.map { DisplayWidth.padStart($0.heading, to: $0.total) }
    let line = "  " + labels.joined(separator: "  ")
    let full = ([line] + metrics).joined(separator: TerminalGrid.gap)
    return [
      paint(full.trimmingTrailingSpaces, .faint),
      paint("  " + String(repeating: "─", count: max(0, width - 2)), .faint),
    ]
  }

  /// One row.
  func line(_ row: ComparisonTable.Row) -> String {
    let labels = labelWidths.indices.map { index in
      let text = DisplayWidth.padEnd(TerminalGrid.label(row, index, in: table), to: labelWidths[index])
      let isGrave = row.isGrave && table.labelTitles[index] == "settings"
      return paint(text, isGrave ? .failure : row.isVerified ? .plain : .doubt)
    }
    let start = "  " + labels.joined(separator: "  ")
    switch row.content {
    case .failed(let outcome): return start + TerminalGrid.gap + paint(outcome, .failure)
    case .figures(let entries):
      let cells = zip(columns, entries).map { cell($1, in: $0) }
      return ([start] + cells).joined(separator: TerminalGrid.gap).trimmingTrailingSpaces
    }
  }

  private static func label(_ row: ComparisonTable.Row, _ index: Int, in table: ComparisonTable) -> String {
    let text = DisplayWidth.truncate(Visible.text(row.labels[index]), to: longestLabel)
    switch table.labelTitles[index] {
    case "variant": return text + (row.isVerified ? "" : " ?") + (row.isPartial ? " !" : "")
    case "settings": return text + (row.signs.isEmpty ? "" : " " + row.signs)
    default: return text
    }
  }

  private func cell(_ entry: ComparisonTable.Entry, in column: Column) -> String {
    let parts = parts(entry)
    var pieces = [
      paint(DisplayWidth.padStart(parts.median, to: column.median), parts.isBest ? .best : .plain)
    ]
    if column.spread > 0 {
      pieces.append(paint(DisplayWidth.padEnd(parts.spread, to: column.spread), .faint))
    }
    if column.ratio > 0 { pieces.append(DisplayWidth.padStart(parts.ratio, to: column.ratio)) }
    return String(repeating: " ", count: column.total - column.inner) + pieces.joined(separator: " ")
  }

  private func parts(_ entry: ComparisonTable.Entry) -> Parts {
    switch entry {
    case .missing(let mark): return Parts(median: "—" + mark, spread: "", ratio: "", isBest: false)
    case .figure(let figure):
      let best = figure.isBest && !paint.isOn ? "*" : ""
      // Without its place beside the interval, a doubt stands at the figure itself.
      let doubt = figure.doubt ?? ""
      return Parts(
        median: best + (figure.isBelowResolution ? "" : figure.provenance.mark) + figure.median
          + (showsSpreads ? "" : doubt),
        spread: showsSpreads ? (figure.spread ?? "±∞") + doubt : "", ratio: figure.ratio ?? "",
        isBest: figure.isBest)
    }
  }
}

extension Provenance {
  /// What stands before a figure that was not counted.
  var mark: String {
    switch self {
    case .counted: ""
    case .sampled: "~"
    case .simulated: "sim "
    }
  }
}
