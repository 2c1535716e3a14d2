import Model
import OrderedCollections

/// Lines over a common horizontal axis, one of them in focus with its companion line and its shaded bands.
///
/// The lines are drawn on a grid that stretches with the page; labels stand beside it and keep their size. A script
/// reads the lines back from their paths, to say what stands under the pointer and to zoom; without it everything is
/// seen, with the first series in focus.
struct LineChart {
  /// A point in the units of the axes; no line leads to one that follows a gap.
  struct Point {
    let x: Double
    let y: Double
    var followsGap = false
  }

  /// A stretch of the horizontal axis with a name.
  struct Band {
    let name: String
    let from: Double
    let to: Double
  }

  /// One line, with what is shown besides while it is in focus.
  struct Series {
    let name: String
    let style: SeriesStyle
    let main: [Point]
    var companion: [Point] = []
    var bands: [Band] = []
  }

  /// The name of the chart within the page.
  let id: String
  /// What stands above it.
  let title: Markup
  /// What it shows, for those who cannot see it.
  let description: String
  /// Units of the axes.
  let units: (x: MetricUnit, y: MetricUnit)
  /// What the lines are: `resident`, and the companion: `live`.
  let quantities: (main: String, companion: String)
  let series: [Series]
  /// The figures behind it.
  let table: Markup

  /// The grid that lines are drawn on.
  static let width = 10_000.0
  static let height = 4000.0

  /// The chart with legend and axes.
  var markup: Markup {
    let x = Ticks(end: end(\.x), unit: units.x)
    let y = Ticks(end: end(\.y) * 1.04, unit: units.y)
    let data: Markup = """
      data-x="\(figure: x.end)" data-y="\(figure: y.end)" data-xu="\(units.x.rawValue)" \
      data-yu="\(units.y.rawValue)" data-main="\(quantities.main)" data-companion="\(quantities.companion)"
      """
    return """
      <figure id="\(id)" class="chart" \(data)>
      <figcaption>\(title)</figcaption>
      \(legend)<div class="grid2">\(strip(x))\(Axes.vertical(y))
      <svg class="plot" role="img" aria-labelledby="\(id)-t \(id)-d" viewBox="0 0 10000 4000" preserveAspectRatio="none">
      <title id="\(id)-t">\(Markup(trusted: title.plain))</title><desc id="\(id)-d">\(description)</desc>
      \(bands(x))\(Axes.lines(y))\(lines(x, y))</svg>\(Axes.horizontal(x))</div>
      \(table)</figure>

      """
  }

  private func end(_ axis: KeyPath<Point, Double>) -> Double {
    let points = series.flatMap { $0.main + $0.companion }
    return points.reduce(0) { max($0, $1[keyPath: axis]) }
  }

  private var legend: Markup {
    let entries: [Markup] = series.enumerated().map { index, series in
      """
      <li><button type="button" data-i="\(index)" aria-pressed="\(index == 0 ? "true" : "false")">\
      \(series.style.swatch)\(series.name)</button></li>
      """
    }
    return "<ul class=\"legend\">\(entries.joined())</ul>\n"
  }

  /// The names of the bands of each series, above the plot; those too narrow for a name are named by the table.
  private func strip(_ x: Ticks) -> Markup {
    let names = series.map { series in series.bands.compactMap { name($0, x) } }
    guard names.contains(where: { !$0.isEmpty }) else { return "" }
    let groups: [Markup] = names.enumerated().map { index, names in
      "<g data-i=\"\(index)\"\(Markup.when(index > 0, " class=\"off\""))>\(names.joined())</g>"
    }
    return "<svg class=\"strip\" aria-hidden=\"true\" text-anchor=\"middle\">\(groups.joined())</svg>"
  }

  private func name(_ band: Band, _ x: Ticks) -> Markup? {
    let share = (band.to - band.from) / x.end
    // On a phone the plot is some 280 px wide and a letter 6.5 px.
    guard share * 280 > Double(band.name.count) * 6.5 + 6 else { return nil }
    return "<text x=\"\(figure: Axes.percent(band.from / x.end + share / 2))%\" y=\"13\">\(band.name)</text>"
  }

  /// Bands of every other name as shades, below all lines; only those of the series in focus are seen.
  private func bands(_ x: Ticks) -> Markup {
    series.enumerated().map { index, series in
      let names = OrderedSet(series.bands.map(\.name))
      let shades: [Markup] = series.bands.compactMap { band in
        guard let place = names.firstIndex(of: band.name), place % 2 == 1 else { return nil }
        let from = LineChart.place(band.from, x.end, LineChart.width)
        let to = LineChart.place(band.to, x.end, LineChart.width)
        return "M\(from) 0H\(max(from, to))V4000H\(from)z"
      }
      let style: Markup = .when(index > 0, " off")
      return .when(
        !shades.isEmpty, "<path class=\"bands\(style)\" data-i=\"\(index)\" d=\"\(shades.joined())\"/>\n")
    }.joined()
  }

  private func lines(_ x: Ticks, _ y: Ticks) -> Markup {
    // The first is drawn last, above the others.
    series.enumerated().reversed().map { index, series in
      let companion: Markup = .when(
        !series.companion.isEmpty,
        "<path class=\"companion\" d=\"\(Markup(trusted: path(series.companion, x, y)))\"/>")
      return """
        <g class="series \(series.style.line)\(Markup.when(index == 0, " on"))" data-i="\(index)">\(companion)\
        <path class="main" d="\(Markup(trusted: path(series.main, x, y)))"/></g>

        """
    }.joined()
  }

  private func path(_ points: [Point], _ x: Ticks, _ y: Ticks) -> String {
    var data = PathData()
    for point in points {
      data.add(
        x: LineChart.place(point.x, x.end, LineChart.width),
        y: Int(nearest: LineChart.height) - LineChart.place(point.y, y.end, LineChart.height),
        afterGap: point.followsGap)
    }
    return data.finished()
  }

  /// Where a value stands on a length of the grid.
  static func place(_ value: Double, _ end: Double, _ length: Double) -> Int {
    guard end > 0, value.isFinite else { return 0 }
    return Int(nearest: min(max(value / end, 0), 1) * length)
  }
}
