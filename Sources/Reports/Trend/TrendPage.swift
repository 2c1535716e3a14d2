import Model

/// The page of a trend: a chart and a table for each cell.
public enum TrendPage {
  /// More series than these are folded.
  private static let open = 8

  /// Writes the page: one file that needs no network and no other file.
  ///
  /// Throws: `ReportError.badTemplate` only.
  public static func render(_ trend: Trend, version: String) throws(ReportError) -> String {
    let sessions = Set(trend.series.flatMap(\.points).map(\.session)).count
    let better = trend.definition.better == .lower ? "lower is better" : "higher is better"
    var facts = ["\(trend.series.count) cells", "\(sessions) sessions", better]
    if trend.single > 0 { facts.append("\(trend.single) cells measured once are left out") }
    return try Page(
      kind: "heapscale trend", title: "\(trend.definition.title) over sessions", facts: facts,
      sections: [overview(trend), series(trend)],
      footer: "Written by heapscale \(version). All times are in UTC."
    ).text()
  }

  private static func overview(_ trend: Trend) -> Page.Section {
    let names = TrendNames(trend)
    let metric = trend.definition
    let rows: [Markup] = trend.series.map { series in
      let (first, last) = (series.points[0], series.points[series.points.count - 1])
      return HTMLTable.row(
        "\(names.name(series))",
        [
          HTMLTable.figure("\(series.points.count)"), figure(first.median, metric),
          figure(last.median, metric),
          change(last.sinceFirst), HTMLTable.figure("\(series.steps.count)"), HTMLTable.text(series.machine),
        ])
    }
    let columns: [HTMLTable.Column] =
      [.init(title: "cell", isText: true)]
      + ["sessions", "first", "last", "since first", "steps"].map { .init(title: "\($0)") }
      + [.init(title: "machine", isText: true)]
    let doubts: [Markup] = trend.warnings.map { "<li>\($0)</li>" }
    return Page.Section(
      id: "overview", title: "At a glance", intro: trend.definition.explanation,
      body: HTMLTable(style: "sortable", columns: columns, rows: rows).markup
        + .when(!doubts.isEmpty, "<ul class=\"doubts\">\(doubts.joined())</ul>"))
  }

  private static func series(_ trend: Trend) -> Page.Section {
    let names = TrendNames(trend)
    let parts: [Markup] = trend.series.enumerated().map { index, series in
      let chart = TrendChart(
        id: "trend-\(index + 1)", title: names.name(series), series: series, metric: trend.definition)
      return """
        <details class="part"\(Markup.when(index < open, " open"))><summary>\(names.name(series))</summary>
        \(chart.markup)\(table(series, trend.definition))</details>

        """
    }
    return Page.Section(
      id: "series", title: "Session by session",
      intro:
        "A dot is the median of a session's trials, the line through it its 95 % interval. A ring marks a session "
        + "that differs measurably from the one before. Sessions stand side by side, however much time lies between.",
      body: parts.joined())
  }

  private static func table(_ series: TrendSeries, _ metric: MetricDefinition) -> Markup {
    let hasChanges = series.points.contains { !$0.changes.isEmpty }
    let rows: [Markup] = series.points.map { point in
      let ends = [point.low, point.high].compactMap(\.self).map { FigureText.text($0, of: metric) }
      return HTMLTable.row(
        "\(point.session)",
        [
          figure(point.median, metric),
          HTMLTable.figure(ends.count == 2 ? ends.joined(separator: " – ") : "—"), change(point.sinceBefore),
          change(point.sinceFirst), HTMLTable.figure("\(point.trials)"),
        ] + (hasChanges ? [HTMLTable.prose("\(point.changes.joined(separator: "; "))")] : []))
    }
    let columns: [HTMLTable.Column] =
      [.init(title: "session", isText: true)]
      + [metric.title, "95 % interval", "since before", "since first", "trials"].map { .init(title: "\($0)") }
      + (hasChanges ? [.init(title: "what else changed", isText: true)] : [])
    return HTMLTable(columns: columns, rows: rows).markup
  }

  private static func figure(_ value: Double, _ metric: MetricDefinition) -> Markup {
    "<td data-v=\"\(figure: value)\">\(FigureText.text(value, of: metric))</td>"
  }

  private static func change(_ effect: Effect?) -> Markup {
    guard let effect, effect.isFinite else { return HTMLTable.nothing }
    let doubt = effect.isMeasurable == nil ? "?" : ""
    return "<td data-v=\"\(figure: effect.change)\">\(ChangeText.text(effect))\(doubt)</td>"
  }
}
