import Model

/// The processes of each cell's median trial.
struct ProcessSection: PageSection {
  /// Rows of one cell; a larger tree is shown by kind.
  private static let rowLimit = 40

  func section(_ view: SessionView) -> Page.Section? {
    let trees = view.result.cells.filter { ($0.processes?.table.count ?? 0) > 1 }
    guard !trees.isEmpty else { return nil }
    let parts = trees.enumerated().map { index, cell in part(cell, view, isOpen: index == 0) }
    return Page.Section(
      id: "processes", title: "Processes",
      intro:
        "What ran in the trial whose peak is the median of its cell: each process with the allocator that served its "
        + "malloc, its own peak, its CPU time without its children's, and its share of what the tree held over time. Peaks "
        + "of different moments do not add up to the tree's.",
      body: parts.joined())
  }

  private func part(_ result: CellResult, _ view: SessionView, isOpen: Bool) -> Markup {
    guard let processes = result.processes else { return "" }
    let rows = ProcessRows(processes.table, limit: ProcessSection.rowLimit)
    let columns = ProcessRows.titles.enumerated().map { index, title in
      HTMLTable.Column(title: "\(title)", isText: !(2...6).contains(index))
    }
    let table = HTMLTable(
      caption: "\(processes.table.count) processes in block \(processes.block + 1)", style: "sortable",
      columns: columns, rows: rows.rows.map(row))
    let notes: Markup = rows.notes.map { "<p class=\"note\">\($0)</p>" }.joined()
    return """
      <details class="part"\(Markup.when(isOpen, " open"))><summary>\(view.label(result.cell))</summary>
      \(table.markup)\(notes)</details>

      """
  }

  private func row(_ row: ProcessRows.Row) -> Markup {
    let kind = row.kind
    let exact = [
      kind.peakResident.map { Double($0.count) }, kind.cpu?.seconds, kind.residentShare, kind.began.seconds,
      kind.ended?.seconds,
    ]
    let figures: [Markup] = zip(row.figures, exact).map { text, value in
      value.map { "<td data-v=\"\(figure: $0)\">\(text)" } ?? HTMLTable.nothing
    }
    let branch = row.depth == 0 ? "" : String(repeating: "\u{2003}", count: row.depth - 1) + "└ "
    let failed = kind.outcome.map { $0 != .ok } ?? false
    return HTMLTable.row(
      "\(branch)\(row.name)",
      ["<td class=\"l\(Markup.when(!kind.verified, " bad"))\">\(row.allocator)"] + figures
        + ["<td class=\"l\(Markup.when(failed, " bad"))\">\(row.outcome)"])
  }
}
