import Model

/// Memory against time: which variants nothing beats in both.
struct ParetoSection: PageSection {
  /// More charts than these are folded.
  private static let open = 6

  func section(_ view: SessionView) -> Page.Section? {
    guard let memory = view.metrics.first(where: { $0.id == "peak_resident" }),
      let time = view.metrics.first(where: { $0.id == "cpu" })
        ?? view.metrics.first(where: { $0.id == "wall" })
    else { return nil }
    let charts: [Markup] = view.charted.enumerated().compactMap { number, group in
      let points = points(view, group.value, time.id, memory.id)
      guard points.count > 1 else { return nil }
      let chart = ScatterChart(
        id: "pareto-\(number + 1)", title: group.key, x: time, y: memory, points: points)
      return
        "<details class=\"part\"\(Markup.when(number < ParetoSection.open, " open"))><summary>\(group.key)</summary>\(chart.markup)</details>\n"
    }
    guard !charts.isEmpty else { return nil }
    return Page.Section(
      id: "pareto", title: "Memory against time",
      intro:
        "Each mark is a cell: its \(memory.title) and its \(time.title), both better when lower. The stepped line joins "
        + "the cells that no other beats in both: to choose between them is a matter of what is dearer. Cells below what "
        + "the instruments resolve have no mark.",
      body: "<div class=\"pairs\">\(charts.joined())</div>\(view.chartedNote)")
  }

  private func points(
    _ view: SessionView, _ cells: [CellResult], _ x: MetricID, _ y: MetricID
  ) -> [ScatterChart.Point] {
    cells.enumerated().compactMap { index, cell in
      guard case .figure(let across, _)? = cell.metric(x)?.reading(in: cell),
        case .figure(let up, _)? = cell.metric(y)?.reading(in: cell),
        cell.metric(x)?.isBelowResolution == false, cell.metric(y)?.isBelowResolution == false
      else { return nil }
      return ScatterChart.Point(
        name: view.label(cell.cell), style: SeriesStyle(index: index), x: across.median, y: up.median)
    }
  }
}
