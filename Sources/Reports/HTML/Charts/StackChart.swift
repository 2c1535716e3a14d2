import Model

/// Areas over a common horizontal axis, one on the other: what parts hold of a sum.
///
/// The grid, the axes and the script are those of `LineChart`. Each area is drawn from the base up to its upper edge, the
/// uppermost first, so that the next one covers what is not its own.
struct StackChart {
  /// One area.
  struct Layer {
    let name: String
    /// Classes of the style sheet for its colour.
    let style: Markup
    /// Its own values, at the chart's places; as many as there are places.
    let values: [Double]
  }

  /// The name of the chart within the page.
  let id: String
  /// What stands above it.
  let title: Markup
  /// What it shows, for those who cannot see it.
  let description: String
  /// Units of the axes.
  let units: (x: MetricUnit, y: MetricUnit)
  /// Places on the horizontal axis, and whether readings are missing before them.
  let places: [(x: Double, followsGap: Bool)]
  /// The areas, from the base upwards.
  let layers: [Layer]
  /// The figures behind it.
  let table: Markup

  /// The chart with legend and axes.
  var markup: Markup {
    let edges = self.edges
    let x = Ticks(end: places.map(\.x).max() ?? 0, unit: units.x)
    let y = Ticks(end: (edges.last?.max() ?? 0) * 1.04, unit: units.y)
    let areas: [Markup] = layers.indices.reversed().map { index in
      """
      <g class="series \(layers[index].style)\(Markup.when(index == 0, " on"))" data-i="\(index)">\
      <path class="main" d="\(Markup(trusted: path(edges[index], x, y)))"/></g>

      """
    }
    return """
      <figure id="\(id)" class="chart stacked" data-x="\(figure: x.end)" data-y="\(figure: y.end)" \
      data-xu="\(units.x.rawValue)" data-yu="\(units.y.rawValue)">
      <figcaption>\(title)</figcaption>
      \(legend)<div class="grid2">\(Axes.vertical(y))
      <svg class="plot" role="img" aria-labelledby="\(id)-t \(id)-d" viewBox="0 0 10000 4000" preserveAspectRatio="none">
      <title id="\(id)-t">\(Markup(trusted: title.plain))</title><desc id="\(id)-d">\(description)</desc>
      \(Axes.lines(y))\(areas.joined())</svg>\(Axes.horizontal(x))</div>
      \(table)</figure>

      """
  }

  /// The upper edge of each area.
  private var edges: [[Double]] {
    var sum = [Double](repeating: 0, count: places.count)
    return layers.map { layer in
      for (index, value) in layer.values.enumerated() where index < sum.count { sum[index] += max(0, value) }
      return sum
    }
  }

  private var legend: Markup {
    let entries: [Markup] = layers.enumerated().map { index, layer in
      """
      <li><button type="button" data-i="\(index)" aria-pressed="\(index == 0 ? "true" : "false")">\
      <svg viewBox="0 0 26 12" aria-hidden="true"><path class="area \(layer.style)" d="M4 0h18v12h-18z"/></svg>\
      \(layer.name)</button></li>
      """
    }
    return "<ul class=\"legend\">\(entries.joined())</ul>\n"
  }

  /// The edge, begun and ended at the base, and down to it where readings are missing.
  private func path(_ edge: [Double], _ x: Ticks, _ y: Ticks) -> String {
    let base = Int(LineChart.height)
    var data = PathData()
    var last: Int?
    for (place, value) in zip(places, edge) {
      let at = LineChart.place(place.x, x.end, LineChart.width)
      if let last, place.followsGap { data.add(x: last, y: base) }
      if last == nil || place.followsGap { data.add(x: at, y: base) }
      data.add(x: at, y: base - LineChart.place(value, y.end, LineChart.height))
      last = at
    }
    if let last { data.add(x: last, y: base) }
    return data.finished()
  }
}
