/// Rows of short texts in aligned columns.
enum AlignedText {
  /// Lines with two spaces between columns; the columns named are aligned on the right.
  static func lines(_ rows: [[String]], right: Set<Int>) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.reduce(0) { column < $1.count ? max($0, DisplayWidth.of($1[column])) : $0 }
    }
    return rows.map { row in
      row.enumerated().map { column, text in
        right.contains(column)
          ? DisplayWidth.padStart(text, to: widths[column]) : DisplayWidth.padEnd(text, to: widths[column])
      }.joined(separator: "  ").trimmingTrailingSpaces
    }
  }
}
