import Model

/// Medians of sessions with their intervals, from zero, side by side in order of time.
struct TrendChart {
  /// The name of the chart within the page.
  let id: String
  /// What it is about, for those who cannot see it.
  let title: String
  let series: TrendSeries
  let metric: MetricDefinition

  /// The chart with its axes; nothing where a value lies below zero.
  var markup: Markup {
    let points = series.points
    guard points.allSatisfy({ $0.median >= 0 }), let first = points.first, let last = points.last else {
      return ""
    }
    let top = points.reduce(0) { max($0, $1.high ?? $1.median) }
    let ticks = Ticks(end: top * 1.06, unit: metric.unit)
    return """
      <figure id="\(id)"><div class="grid2">\(Axes.vertical(ticks))
      <svg class="plot s1" role="img" aria-labelledby="\(id)-t \(id)-d">
      <title id="\(id)-t">\(metric.title) of \(title)</title>
      <desc id="\(id)-d">\(points.count) sessions; their figures stand in the table below.</desc>
      \(grid(ticks))\(line(ticks))\(marks(ticks))</svg>
      <svg class="x" aria-hidden="true"><text x="0%" y="16">\(Timestamp.minute(first.startedAt))</text>\
      <text x="100%" y="16" text-anchor="end">\(Timestamp.minute(last.startedAt))</text></svg></div></figure>

      """
  }

  private func grid(_ ticks: Ticks) -> Markup {
    ticks.all.dropFirst().map { tick in
      let y = Axes.percent(1 - tick.share)
      return "<line class=\"lines\" x1=\"0%\" x2=\"100%\" y1=\"\(figure: y)%\" y2=\"\(figure: y)%\"/>"
        as Markup
    }.joined()
  }

  private func line(_ ticks: Ticks) -> Markup {
    zip(series.points.indices, series.points.indices.dropFirst()).map { from, to in
      """
      <line class="main" x1="\(figure: x(from))%" y1="\(figure: y(series.points[from].median, ticks))%" \
      x2="\(figure: x(to))%" y2="\(figure: y(series.points[to].median, ticks))%"/>
      """ as Markup
    }.joined()
  }

  private func marks(_ ticks: Ticks) -> Markup {
    series.points.enumerated().map { index, point in
      let (x, centre) = (x(index), y(point.median, ticks))
      var mark = Markup()
      if let low = point.low, let high = point.high {
        mark += """
          <line class="whisker" x1="\(figure: x)%" x2="\(figure: x)%" y1="\(figure: y(low, ticks))%" \
          y2="\(figure: y(high, ticks))%"/>
          """
      }
      mark += "<circle class=\"dot\" cx=\"\(figure: x)%\" cy=\"\(figure: centre)%\" r=\"4\"/>"
      if point.sinceBefore?.isMeasurable == true {
        mark += "<circle class=\"whisker\" cx=\"\(figure: x)%\" cy=\"\(figure: centre)%\" r=\"8\"/>"
      }
      return mark
    }.joined("\n")
  }

  /// Sessions stand in the middles of equal stretches.
  private func x(_ index: Int) -> Double {
    Axes.percent((Double(index) + 0.5) / Double(series.points.count))
  }

  private func y(_ value: Double, _ ticks: Ticks) -> Double {
    ticks.end > 0 ? Axes.percent(1 - min(1, max(0, value / ticks.end))) : 100
  }
}
