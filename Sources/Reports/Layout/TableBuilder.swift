import Model
import OrderedCollections

/// Turns cells into groups of rows and numbers the footnotes on the way.
struct TableBuilder {
  private let cells: [CellResult]
  private let columns: [MetricDefinition]
  private let showsArms: Bool
  private let showsSettings: Bool
  private(set) var footnotes = Footnotes()

  /// Prepares for cells in the order of the plan.
  init(cells: [CellResult], columns: [MetricDefinition]) {
    self.cells = cells
    self.columns = columns
    showsArms = Set(cells.compactMap(\.cell.subject.arm)).count > 1
    showsSettings = cells.contains { $0.cell.settings.name != SettingsSet.none.name }
  }

  /// Headings of the columns that say which cell a row is; a column that would say nothing is not there.
  var labelTitles: [String] {
    (showsArms ? ["arm"] : []) + ["variant"] + (showsSettings ? ["settings"] : [])
  }

  /// Rows by workload with parameters; all commands are one group, since they are there to be compared.
  mutating func groups() -> [ComparisonTable.Group] {
    let grouped = OrderedDictionary(grouping: cells) { cell in
      cell.cell.subject.arm == nil ? cell.cell.subject.description : "command"
    }
    return grouped.values.map { cells in
      ComparisonTable.Group(
        title: cells[0].cell.subject.workload, details: details(of: cells),
        areCommands: cells[0].cell.subject.arm != nil, rows: rows(of: cells))
    }
  }

  private func details(of cells: [CellResult]) -> [String] {
    OrderedSet(cells.map(\.cell.subject)).flatMap { subject in
      switch subject {
      case .workload(_, let parameters): parameters.map(\.description)
      case .command(let arm, let arguments):
        [(showsArms ? "\(arm): " : "") + ShellText.line(arguments)]
      }
    }
  }

  private mutating func rows(of cells: [CellResult]) -> [ComparisonTable.Row] {
    let marked = columns.map { TableBuilder.marksBest($0.id, in: cells) }
    var rows: [ComparisonTable.Row] = []
    for cell in cells {
      rows.append(
        ComparisonTable.Row(
          labels: labels(of: cell),
          isVerified: cell.identity.verified || cell.leftOut != nil || cell.cell.isAsItIs,
          isPartial: cell.isPartial,
          signs: cell.audit.map(\.verdict.sign).joined(),
          isGrave: cell.audit.contains(where: \.verdict.isGrave), content: content(of: cell, marked: marked)))
    }
    return rows
  }

  private func labels(of result: CellResult) -> [String] {
    (showsArms ? [result.cell.subject.arm ?? ""] : []) + [result.variantName]
      + (showsSettings ? [result.cell.settings.name] : [])
  }

  private mutating func content(of cell: CellResult, marked: [Bool]) -> ComparisonTable.Content {
    if cell.isFailed { return .failed(cell.outcomeText) }
    var entries: [ComparisonTable.Entry] = []
    for (column, isMarked) in zip(columns, marked) {
      entries.append(entry(cell.metric(column.id), of: cell, isMarked: isMarked))
    }
    return .figures(entries)
  }

  private mutating func entry(_ metric: MetricResult?, of cell: CellResult, isMarked: Bool)
    -> ComparisonTable.Entry
  {
    guard let metric else { return .missing(mark: footnotes.mark("not measured")) }
    switch metric.reading(in: cell) {
    case .unavailable(let reason): return .missing(mark: footnotes.mark(reason))
    case .figure(let summary, let provenance):
      let isBelow = metric.isBelowResolution
      return .figure(
        ComparisonTable.Figure(
          provenance: provenance, median: FigureText.text(summary.median, of: metric.definition),
          spread: metric.spread(summary), ratio: metric.ratio.map(FigureText.ratio),
          isBest: isMarked && metric.isBest, isBelowResolution: isBelow,
          doubt: isBelow ? nil : summary.note.map { footnotes.mark($0) }))
    }
  }

  /// Whether a best mark tells anything: not where all are equally good, or where there is only one.
  private static func marksBest(_ id: MetricID, in cells: [CellResult]) -> Bool {
    let shown = cells.compactMap { cell -> Bool? in
      guard let metric = cell.metric(id), case .figure = metric.reading(in: cell) else { return nil }
      return metric.isBest
    }
    return shown.contains(true) && shown.contains(false)
  }
}
