import Model
import OrderedCollections

/// The changes of one metric as rows: over all workloads first, then by workload.
struct ForestPlot {
  /// More rows than these hide what they show; those that change most stay.
  private static let most = 100

  /// The name of the plot within the page.
  let id: String
  let judgements: [Judgement]
  let means: [GeometricMean]

  /// The plot as a table, with the figures beside the intervals.
  var markup: Markup {
    let shown = ForestPlot.choose(judgements)
    let tolerated = judgements.first?.threshold.relative ?? 0
    let effects = shown.compactMap(\.finiteEffect) + means.map(\.effect).filter(\.isFinite)
    let plot = IntervalPlot(id: id, effects: effects, tolerated: tolerated)
    let columns: [HTMLTable.Column] = [
      .init(title: "compared", isText: true), .init(title: "before"), .init(title: "after"),
      .init(title: "change"),
      .init(title: plot.head(tolerated: tolerated), isText: true), .init(title: "verdict", isText: true),
    ]
    var footnotes = Footnotes()
    let table = HTMLTable(
      caption: common.map { "against \($0)" } ?? "", style: "forest", columns: columns,
      rows: rows(shown, plot, &footnotes)
    ).markup
    let left = judgements.count - shown.count
    let more: Markup =
      "<p class=\"note\">\(left) smaller changes are left out here; the JSON report has all of them.</p>"
    return table + NoteList.markup(footnotes) + .when(left > 0, more)
  }

  /// The name of what everything is compared with, where it is the same throughout.
  private var common: String? {
    let names = Set(judgements.map(\.baseline.name))
    return names.count == 1 ? names.first : nil
  }

  private static func choose(_ judgements: [Judgement]) -> [Judgement] {
    guard judgements.count > most else { return judgements }
    let order = judgements.indices.sorted { (judgements[$0].severity, $1) > (judgements[$1].severity, $0) }
    return order.prefix(most).sorted().map { judgements[$0] }
  }

  private func rows(_ shown: [Judgement], _ plot: IntervalPlot, _ footnotes: inout Footnotes) -> [Markup] {
    var rows: [Markup] = []
    if !means.isEmpty {
      rows.append(ForestPlot.heading("over \(means[0].workloads) workloads, each with the same weight"))
      rows += means.map { row($0, plot) }
    }
    for (place, judgements) in OrderedDictionary(grouping: shown, by: \.place) {
      if !place.isEmpty { rows.append(ForestPlot.heading(place)) }
      for judgement in judgements { rows.append(row(judgement, plot, &footnotes)) }
    }
    return rows
  }

  private static func heading(_ text: String) -> Markup {
    "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">\(text)"
  }

  private func row(_ judgement: Judgement, _ plot: IntervalPlot, _ footnotes: inout Footnotes) -> Markup {
    let text = JudgementText(judgement: judgement)
    let style = judgement.tone?.style ?? ""
    let remarks = text.remarks.map { footnotes.mark($0) }.joined(separator: " ")
    let cells: [Markup] = [
      ForestPlot.median(judgement.baseline, text.baseline),
      ForestPlot.median(judgement.candidate, text.candidate),
      ForestPlot.change(judgement.finiteEffect, text.change),
      "<td class=\"l\">\(judgement.finiteEffect.map { plot.row($0, style: style) } ?? Markup())",
      "<td class=\"l\(Markup.when(judgement.verdict != .inconclusive, " \(style)"))\">\(VerdictGroup(judgement).sign) \(judgement.verdict.rawValue)\(remarks)",
    ]
    return HTMLTable.row(name(judgement.candidate.name, against: judgement.baseline.name), cells)
  }

  private func name(_ candidate: String, against baseline: String) -> Markup {
    "\(Markup.name(candidate))\(Markup.when(common == nil, " <small>against \(baseline)</small>"))"
  }

  /// A mean has no verdict; it is coloured where its interval lies beyond what is tolerated.
  private func row(_ mean: GeometricMean, _ plot: IntervalPlot) -> Markup {
    let effect = mean.effect.isFinite ? mean.effect : nil
    let place = mean.place.isEmpty ? "" : " \(mean.place)"
    let cells: [Markup] = [
      "<td><td>", ForestPlot.change(effect, effect.map(ChangeText.text) ?? "—"),
      "<td class=\"l\">\(effect.map { plot.row($0, style: mean.style) } ?? Markup())<td>",
    ]
    return HTMLTable.row(name(mean.candidate + place, against: mean.baseline), cells)
  }

  private static func median(_ side: JudgedSide, _ text: String) -> Markup {
    guard side.median.isFinite else { return HTMLTable.nothing }
    return "<td data-v=\"\(figure: side.median)\">\(text)"
  }

  private static func change(_ effect: Effect?, _ text: String) -> Markup {
    guard let effect else { return "<td>\(text)" }
    return "<td data-v=\"\(figure: effect.change)\">\(text)"
  }
}

extension GeometricMean {
  /// The class for its interval.
  fileprivate var style: Markup {
    guard let low = effect.low, let high = effect.high else { return "" }
    let isMore = low > threshold.relative
    guard isMore || high < 1 / (1 + threshold.relative) - 1 else { return "" }
    return (isMore == (threshold.better == .higher) ? Tone.better : .worse).style
  }
}
