import Model

/// Every figure of every cell in one sortable table: where all charts and the matrix have theirs from.
struct FigureTable {
  let view: SessionView

  /// The table; reasons for missing figures are numbered by `footnotes`.
  func markup(_ footnotes: inout Footnotes) -> Markup {
    var rows: [Markup] = []
    for (index, cell) in view.result.cells.enumerated() {
      var cells: [Markup] = [HTMLTable.text(view.label(cell.cell))]
      let judgements = view.judgements(of: cell.cell)
      for metric in view.metrics {
        cells.append(FigureCell(cell, metric.id, judgements[metric.id]).markup(&footnotes))
      }
      let name = view.names.name(of: cell.cell.subject)
      let row = HTMLTable.row("\(name)", cells).text
      rows.append(Markup(trusted: "<tr data-k=\"\(index)\"" + row.dropFirst(3)))
    }
    let labels: [HTMLTable.Column] = [
      .init(title: "workload", isText: true), .init(title: "variant", isText: true),
    ]
    let columns = view.metrics.map { metric in
      HTMLTable.Column(title: "\(metric.title)\(metric.better == .lower ? " ↓" : " ↑")")
    }
    return HTMLTable(style: "sortable figures", columns: labels + columns, rows: rows).markup
  }
}

/// Footnotes below a table.
enum NoteList {
  /// The notes with their marks; nothing where there is none.
  static func markup(_ footnotes: Footnotes) -> Markup {
    let items: [Markup] = footnotes.all.map { "<li>\($0.mark) \($0.text)</li>" }
    return items.isEmpty ? "" : "<ul class=\"notes\">\(items.joined())</ul>"
  }
}
