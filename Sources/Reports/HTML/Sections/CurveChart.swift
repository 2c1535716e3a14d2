import Model

/// The chart of one group of cells.
struct CurveChart {
  let view: SessionView
  let group: CurveGroups.Group
  let curves: [String: CellCurve]

  /// The chart; nil where no cell has a curve.
  var markup: Markup? {
    let drawn = ordered.compactMap { name, cell in curves[cell.cell.key].map { (name: name, curve: $0) } }
    guard !drawn.isEmpty else { return nil }
    let series = drawn.enumerated().map { index, entry in
      CurveChart.line(entry.name, SeriesStyle(index: index), entry.curve)
    }
    let small: Markup = group.details.isEmpty ? "" : " <small>\(group.details)</small>"
    let hasLive = series.contains { !$0.companion.isEmpty }
    let chart = LineChart(
      id: group.id, title: "\(group.title)\(small)",
      description: "Resident bytes over time of \(series.map(\.name).joined(separator: ", ")). "
        + "The figures stand in the table below.",
      units: (.nanoseconds, .bytes), quantities: ("resident", hasLive ? "live" : ""), series: series,
      table: PhaseFigures(entries: drawn).markup
    ).markup
    return chart + PartCharts(id: group.id, entries: drawn).markup
  }

  /// The reference first, then in the order of the plan.
  private var ordered: [(name: String, cell: CellResult)] {
    group.cells.filter { view.isReference($0.cell.cell) }
      + group.cells.filter { !view.isReference($0.cell.cell) }
  }

  /// A curve as a line with its live bytes and its phases.
  static func line(_ name: String, _ style: SeriesStyle, _ curve: CellCurve) -> LineChart.Series {
    LineChart.Series(
      name: name, style: style, main: points(curve.resident), companion: points(curve.live),
      bands: bands(curve))
  }

  private static func points(_ points: [CellCurve.Point]) -> [LineChart.Point] {
    points.map {
      LineChart.Point(x: Double($0.time.count), y: Double($0.bytes.count), followsGap: $0.followsGap)
    }
  }

  private static func bands(_ curve: CellCurve) -> [LineChart.Band] {
    curve.marks.indices.compactMap { index in
      let mark = curve.marks[index]
      guard mark.phase != "done" else { return nil }
      let end = index + 1 < curve.marks.count ? curve.marks[index + 1].began : curve.end
      return LineChart.Band(name: mark.phase, from: Double(mark.began.count), to: Double(end.count))
    }
  }
}
