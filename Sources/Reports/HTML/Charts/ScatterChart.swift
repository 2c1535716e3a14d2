import Model

/// Points over two costs from zero, with the front of those that nothing beats in both.
struct ScatterChart {
  /// A point with its name.
  struct Point {
    let name: String
    let style: SeriesStyle
    let x: Double
    let y: Double
  }

  /// A longer legend is folded.
  private static let most = 16

  /// The name of the chart within the page.
  let id: String
  /// What the points are about.
  let title: String
  let x: MetricDefinition
  let y: MetricDefinition
  let points: [Point]

  /// The chart with its legend, which is the table of its figures.
  var markup: Markup {
    let front = Set(ParetoFront.indices(points.map { ($0.x, $0.y) }))
    let across = Ticks(end: (points.map(\.x).max() ?? 0) * 1.08, unit: x.unit)
    let up = Ticks(end: (points.map(\.y).max() ?? 0) * 1.08, unit: y.unit)
    return """
      <figure id="\(id)" class="scatter">
      <p class="axis">\(y.title) ↑</p>
      <div class="grid2">\(Axes.vertical(up))<svg class="plot" role="img" aria-labelledby="\(id)-t">
      <title id="\(id)-t">\(title): \(y.title) over \(x.title); the figures stand in the table below</title>
      <svg viewBox="0 0 10000 4000" width="100%" height="100%" preserveAspectRatio="none">\(Axes.lines(up))\
      \(line(front, across, up))</svg>\(dots(front, across, up))</svg>\(Axes.horizontal(across))</div>
      <p class="axis right">\(x.title) →</p>
      \(table(front))</figure>

      """
  }

  /// The front as steps: what is above and right of them is beaten.
  private func line(_ front: Set<Int>, _ across: Ticks, _ up: Ticks) -> Markup {
    let ordered = points.indices.filter(front.contains).sorted {
      (points[$0].x, points[$0].y) < (points[$1].x, points[$1].y)
    }
    var path = ""
    for index in ordered {
      let x = Int(nearest: (points[index].x / across.end * 10_000).rounded(.down))
      let y = 4000 - Int(nearest: (points[index].y / up.end * 4000).rounded(.down))
      path += path.isEmpty ? "M\(x) 0V\(y)" : "H\(x)V\(y)"
    }
    return .when(!path.isEmpty, "<path class=\"front\" d=\"\(path)H10000\"/>")
  }

  private func dots(_ front: Set<Int>, _ across: Ticks, _ up: Ticks) -> Markup {
    points.enumerated().map { index, point in
      """
      <svg x="\(figure: Axes.percent(point.x / across.end))%" y="\(figure: Axes.percent(1 - point.y / up.end))%" \
      class="dot \(point.style.colour)\(Markup.when(front.contains(index), " front"))"><title>\(point.name)</title>\
      <path d="\(point.style.shape)"/></svg>

      """
    }.joined()
  }

  private func table(_ front: Set<Int>) -> Markup {
    let rows: [Markup] = points.enumerated().map { index, point in
      let mark: Markup = """
        <svg class="dot \(point.style.colour)" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path d="\(point.style.shape)"/></svg>
        """
      return HTMLTable.row(
        "\(mark) \(Markup.name(point.name))",
        [
          "<td data-v=\"\(figure: point.x)\">\(FigureText.text(point.x, unit: x.unit))",
          "<td data-v=\"\(figure: point.y)\">\(FigureText.text(point.y, unit: y.unit))",
          HTMLTable.figure(front.contains(index) ? "✓" : ""),
        ])
    }
    let columns: [HTMLTable.Column] = [
      .init(title: "variant", isText: true), .init(title: "\(x.title)"), .init(title: "\(y.title)"),
      .init(title: "front"),
    ]
    let table = HTMLTable(style: "compact", columns: columns, rows: rows).markup
    guard points.count > ScatterChart.most else { return table }
    return "<details><summary>The \(points.count) figures behind this chart</summary>\(table)</details>"
  }
}

extension SeriesStyle {
  /// The mark's outline around its middle: circle, square, triangle, diamond, cross, star.
  var shape: Markup {
    switch index % 6 {
    case 0: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"
    case 1: "M-4.5-4.5h9v9h-9z"
    case 2: "M0-5.5L5.5 4.5h-11z"
    case 3: "M0-6L6 0L0 6L-6 0z"
    case 4: "M-2-5.5h4v3.5h3.5v4H2v3.5h-4V2h-3.5v-4H-2z"
    default: "M0 5.5L-5.5-4.5h11z"
    }
  }
}
