import Model

/// `heapscale list settings`: the settings of an allocator as a table, and in detail with `--verbose`.
struct SettingsListing {
  /// The allocator and its settings.
  let allocator: AllocatorSpec
  /// Whether pitfalls, parsing and where a setting acts are shown as well.
  let verbose: Bool

  private static let titles = ["VARIABLE", "KEY", "VALUE", "DEFAULT", "READ BACK BY", "EFFECT"]
  /// A longer cell pushes the rest of its own row instead of widening every row.
  private static let widest = 40

  /// The lines, with a title and an empty line at the end.
  var lines: [String] {
    let head = "\(allocator.id): \(allocator.title)"
    let settings = allocator.settings.settings
    var lines = [head] + (verbose ? allocator.settings.notes.flatMap { TextColumns.wrapped($0) } : [])
    guard !settings.isEmpty else { return lines + ["    no settings: every variable is inert", ""] }
    let rows = settings.map(cells)
    let columns = TextColumns(rows: [Self.titles] + rows, widest: Self.widest)
    lines.append(columns.line(Self.titles))
    for (setting, row) in zip(settings, rows) {
      lines.append(columns.line(row))
      if verbose { lines += details(setting).flatMap { TextColumns.wrapped($0, indent: 8) } }
    }
    return lines + [""]
  }

  private func cells(_ setting: SettingSpec) -> [String] {
    let readBack = setting.readBack.first.map(\.description) ?? "nothing"
    let effect = setting.always.map { "[\($0.rawValue)] \(setting.effect)" } ?? setting.effect
    return [
      setting.variable, setting.key ?? "", value(setting), setting.defaultValue, readBack, effect,
    ]
  }

  /// Type and range in one cell: the words of a choice say more than its type.
  private func value(_ setting: SettingSpec) -> String {
    let range = setting.range.description
    let type = setting.choices.isEmpty ? setting.type.rawValue : setting.choices.joined(separator: "|")
    return range.isEmpty ? type : "\(type) \(range)"
  }

  private func details(_ setting: SettingSpec) -> [String] {
    var lines: [String] = []
    if !setting.aliases.isEmpty { lines.append("Also: " + setting.aliases.joined(separator: ", ")) }
    if !setting.clamped.description.isEmpty { lines.append("Silently moved to \(setting.clamped).") }
    if setting.readBack.count > 1 {
      lines.append("Then by: " + setting.readBack.dropFirst().map(\.description).joined(separator: ", "))
    }
    if !setting.worksWith.isEmpty { lines.append("Only in: " + setting.worksWith.joined(separator: ", ")) }
    for pitfall in setting.pitfalls {
      let value =
        pitfall.read.isUnbounded
        ? pitfall.value.map { $0.isEmpty ? "Empty" : "'\($0)'" } : "In force \(pitfall.read)"
      let verdict = pitfall.verdict.map { " [\($0.rawValue)]" } ?? ""
      lines.append("! " + (value.map { "\($0)\(verdict): " } ?? "") + pitfall.text)
    }
    if setting.basis != .tested { lines.append("Basis: \(setting.basis.rawValue), not tried.") }
    return lines
  }
}

/// Lays text out in columns.
struct TextColumns {
  private let widths: [Int]

  /// Measures the columns; a cell wider than `widest` does not count.
  init(rows: [[String]], widest: Int) {
    let count = rows.map(\.count).max() ?? 0
    widths = (0..<count).map { column in
      rows.compactMap { column < $0.count ? $0[column].count : nil }.filter { $0 <= widest }.max() ?? 0
    }
  }

  /// One row; the last cell is not padded.
  func line(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      line += index == cells.count - 1 ? cell : TextColumns.padded(cell, widths[index]) + "  "
    }
    return line
  }

  /// A text with blanks up to a width.
  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Lines of at most 96 columns, indented.
  static func wrapped(_ text: String, indent: Int = 4) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if line.count + word.count + 1 > 96 {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [margin + line]
  }
}
