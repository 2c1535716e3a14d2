import Model

/// Some metrics side by side as bars, one table for each workload: the figures stand beside their bars.
struct MetricBars {
  let view: SessionView
  let metrics: [MetricDefinition]

  /// More workloads than these are folded.
  private static let open = 12

  /// The tables with their notes; nil where no cell has a figure.
  var markup: Markup? {
    let shown = metrics.filter { metric in view.metrics.contains { $0.id == metric.id } }
    guard !shown.isEmpty else { return nil }
    var footnotes = Footnotes()
    var tables: [Markup] = []
    for (place, group) in view.charted.enumerated() {
      let table = table(group.value, shown, &footnotes)
      let isOpen = place < MetricBars.open
      tables.append(
        "<details class=\"part\"\(Markup.when(isOpen, " open"))><summary>\(group.key)</summary>\(table)</details>\n"
      )
    }
    return tables.joined() + NoteList.markup(footnotes) + view.chartedNote
  }

  private func table(_ cells: [CellResult], _ metrics: [MetricDefinition], _ footnotes: inout Footnotes)
    -> Markup
  {
    let bars = metrics.map { ValueBar(top: top($0.id, cells)) }
    var rows: [Markup] = []
    for (index, cell) in cells.enumerated() {
      var columns: [Markup] = []
      for (metric, bar) in zip(metrics, bars) {
        columns.append(column(cell, metric, bar, SeriesStyle(index: index), &footnotes))
      }
      rows.append(
        HTMLTable.row(.name(view.label(cell.cell)), columns, style: .when(view.isReference(cell.cell), "ref"))
      )
    }
    let heads = metrics.map { metric in
      HTMLTable.Column(title: "\(metric.title)\(metric.better == .lower ? " ↓" : " ↑")", isText: true)
    }
    return HTMLTable(style: "bars", columns: [.init(title: "variant", isText: true)] + heads, rows: rows)
      .markup
  }

  private func column(
    _ cell: CellResult, _ metric: MetricDefinition, _ bar: ValueBar, _ style: SeriesStyle,
    _ footnotes: inout Footnotes
  ) -> Markup {
    guard let result = cell.metric(metric.id), case .figure(let summary, _) = result.reading(in: cell) else {
      return FigureCell(cell, metric.id, nil).markup(&footnotes)
    }
    let image = bar.markup(summary, style: view.isReference(cell.cell) ? "s0" : "s1")
    let spread = result.spread(summary).map { " \($0)" } ?? ""
    return """
      <td\(Markup.when(result.isBest, " class=\"best\"")) data-v="\(figure: summary.median)">\(image)\
      <span>\(FigureText.text(summary.median, of: metric))</span><i>\(spread)</i>
      """
  }

  /// The highest end of an interval, so that whiskers stay on the image.
  private func top(_ id: MetricID, _ cells: [CellResult]) -> Double {
    cells.reduce(0) { top, cell in
      guard case .figure(let summary, _)? = cell.metric(id)?.reading(in: cell) else { return top }
      return max(top, summary.median, summary.high ?? 0)
    }
  }
}
