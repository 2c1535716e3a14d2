import Model

/// A trend in the width of a terminal.
struct TrendTerminal {
  /// More series than these get one line each.
  private static let mostInFull = 6
  /// Columns after the first five go first where there is no room: mark, session, median and the changes stay.
  private static let titles = ["", "session", "", "since before", "since first", "95 % interval", "trials"]
  private static let fewest = 4

  let trend: Trend
  let options: ReportOptions

  private var paint: Paint { Paint(isOn: options.colour) }
  private var names: TrendNames { TrendNames(trend) }

  /// Heading, series and notes.
  var lines: [String] {
    let better = trend.definition.better == .lower ? "lower" : "higher"
    let head =
      [
        paint(Visible.text("\(trend.definition.title) over sessions"), .heading)
      ]
      + Wrap.lines(
        Visible.text("\(trend.definition.explanation) \(better.capitalized) is better."), width: options.width
      ).map { paint($0, .faint) }
    let body =
      trend.series.count > TrendTerminal.mostInFull ? overview : trend.series.flatMap(inFull)
    return head + body + notes
  }

  // MARK: - One line a series

  private var overview: [String] {
    let rows = trend.series.map { series in
      let (first, last) = (series.points[0], series.points[series.points.count - 1])
      return [
        DisplayWidth.truncate(Visible.text(names.name(series)), to: max(20, options.width * 2 / 5)),
        Sparkline.text(series.points.suffix(24).map(\.median)), "\(series.points.count)",
        FigureText.text(first.median, of: trend.definition),
        FigureText.text(last.median, of: trend.definition),
        TrendTerminal.change(last.sinceFirst), series.steps.isEmpty ? "" : "\(series.steps.count)",
      ]
    }
    let titles = ["cell", "", "sessions", "first", "last", "since first", "steps"]
    let lines = AlignedText.lines([titles] + rows, right: [2, 3, 4, 6])
      .map { DisplayWidth.truncate($0, to: options.width) }
    return [""] + lines.enumerated().map { $0.offset == 0 ? paint($0.element, .faint) : $0.element }
      + ["", "--workload and --variant show a cell session by session"]
  }

  // MARK: - One line a session

  private func inFull(_ series: TrendSeries) -> [String] {
    let medians = series.points.map(\.median)
    let range = [medians.min(), medians.max()].compactMap(\.self).map {
      FigureText.text($0, of: trend.definition)
    }
    let rows = table(series)
    var result = ["", paint(Visible.text(names.name(series)), .heading)]
    result += Wrap.lines(
      Sparkline.text(medians.suffix(60)) + "  from " + range.joined(separator: " to ")
        + ", \(Visible.text(series.machine))", width: options.width, lead: "  ", hang: 4)
    result.append(paint("  " + rows[0], .faint))
    for (point, line) in zip(series.points, rows.dropFirst()) {
      result.append(paint("  " + line, role(point)))
      for change in point.changes {
        result += Wrap.lines(Visible.text(change), width: options.width, lead: "      ↳ ", hang: 8)
          .map { paint($0, .faint) }
      }
    }
    return result
  }

  private func table(_ series: TrendSeries) -> [String] {
    var titles = TrendTerminal.titles
    titles[2] = trend.definition.title
    let cells = [titles] + series.points.map(fields)
    var count = titles.count
    var lines = AlignedText.lines(cells, right: [2, 6])
    while count > TrendTerminal.fewest, lines.contains(where: { DisplayWidth.of($0) + 2 > options.width }) {
      count -= 1
      lines = AlignedText.lines(cells.map { Array($0.prefix(count)) }, right: [2, 6])
    }
    return lines
  }

  private func fields(_ point: TrendPoint) -> [String] {
    let ends = [point.low, point.high].compactMap { $0 }.map { FigureText.text($0, of: trend.definition) }
    return [
      point.sinceBefore?.isMeasurable == true ? "*" : "", Visible.text(point.session),
      FigureText.text(point.median, of: trend.definition), TrendTerminal.change(point.sinceBefore),
      TrendTerminal.change(point.sinceFirst), ends.count == 2 ? ends.joined(separator: " – ") : "—",
      "\(point.trials)",
    ]
  }

  private static func change(_ effect: Effect?) -> String {
    guard let effect, effect.isFinite else { return "—" }
    return ChangeText.text(effect) + (effect.isMeasurable == nil ? "?" : "")
  }

  private func role(_ point: TrendPoint) -> Paint.Role {
    guard let effect = point.sinceBefore, effect.isMeasurable == true else { return .plain }
    return (effect.change < 0) == (trend.definition.better == .lower) ? .best : .doubt
  }

  // MARK: - Notes

  private var notes: [String] {
    var texts: [NoteSection.Note] = [
      .init(lead: "*", text: "differs measurably from the session before: the interval holds no zero"),
      .init(lead: "?", text: "too few trials for an interval: six a session are the least"),
      .init(lead: "↳", text: "what else is different from the session before"),
    ]
    if trend.single > 0 {
      let noun = trend.single == 1 ? "cell was" : "cells were"
      texts.append(
        .init(lead: "", text: "\(trend.single) \(noun) measured in one session only, and left out"))
    }
    let doubts = trend.warnings.flatMap {
      Wrap.lines(Visible.text($0), width: options.width, lead: "! ", hang: 2)
    }
    return [""]
      + NoteText.lines(NoteSection(title: "How to read it", notes: texts), width: options.width, paint: paint)
      + (doubts.isEmpty ? [] : [""] + doubts)
  }
}
