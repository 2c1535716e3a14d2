import Model
import OrderedCollections

/// The changes of one metric as rows: over all workloads first, then by workload.
struct ForestPlot {
  /// More rows than these hide what they show; those that change most stay.
  private static let most = 240

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
      .init(title: "compared", isText: true), .init(title: "before"), .init(title: "after"), .init(title: "change"),
      .init(title: plot.head(tolerated: tolerated), isText: true), .init(title: "verdict", isText: true),
    ]
    let table = HTMLTable(style: "forest", columns: columns, rows: rows(shown, plot)).markup
    let left = judgements.count - shown.count
    return table
      + .when(
        left > 0, "<p class=\"note\">\(left) smaller changes are left out here; the JSON report has all of them.</p>")
  }

  private static func choose(_ judgements: [Judgement]) -> [Judgement] {
    guard judgements.count > most else { return judgements }
    let order = judgements.indices.sorted { (judgements[$0].severity, $1) > (judgements[$1].severity, $0) }
    return order.prefix(most).sorted().map { judgements[$0] }
  }

  private func rows(_ shown: [Judgement], _ plot: IntervalPlot) -> [Markup] {
    var rows: [Markup] = []
    if !means.isEmpty {
      rows.append(ForestPlot.heading("over \(means[0].workloads) workloads, each with the same weight"))
      rows += means.map { row($0, plot) }
    }
    for (place, judgements) in OrderedDictionary(grouping: shown, by: \.place) {
      if !place.isEmpty { rows.append(ForestPlot.heading(place)) }
      rows += judgements.map { row($0, plot) }
    }
    return rows
  }

  private static func heading(_ text: String) -> Markup {
    "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">\(text)</th></tr>"
  }

  private func row(_ judgement: Judgement, _ plot: IntervalPlot) -> Markup {
    let text = JudgementText(judgement: judgement)
    let group = VerdictGroup(judgement)
    let style: Markup =
      switch group {
      case .improvement: "good"
      case .regression, .informing: "bad"
      case .inconclusive, .same: ""
      }
    let image = judgement.finiteEffect.map { plot.row($0, style: style) } ?? Markup()
    let cells: [Markup] = [
      ForestPlot.median(judgement.baseline, text.baseline), ForestPlot.median(judgement.candidate, text.candidate),
      ForestPlot.change(judgement.finiteEffect, text.change), "<td class=\"l\">\(image)</td>",
      "<td class=\"l \(style)\">\(group.sign) \(judgement.verdict.rawValue)\(remarks(text))</td>",
    ]
    return HTMLTable.row("\(judgement.candidate.name) <small>against \(judgement.baseline.name)</small>", cells)
  }

  private func remarks(_ text: JudgementText) -> Markup {
    let remarks = text.remarks.joined(separator: "; ")
    return .when(!remarks.isEmpty, " <small>\(remarks)</small>")
  }

  private func row(_ mean: GeometricMean, _ plot: IntervalPlot) -> Markup {
    let isFinite = mean.effect.isFinite
    let place = mean.place.isEmpty ? "" : " \(mean.place)"
    let cells: [Markup] = [
      HTMLTable.nothing, HTMLTable.nothing,
      ForestPlot.change(isFinite ? mean.effect : nil, isFinite ? ChangeText.text(mean.effect) : "—"),
      "<td class=\"l\">\(isFinite ? plot.row(mean.effect, style: "") : Markup())</td>", "<td></td>",
    ]
    return HTMLTable.row("\(mean.candidate)\(place) <small>against \(mean.baseline)</small>", cells)
  }

  private static func median(_ side: JudgedSide, _ text: String) -> Markup {
    guard side.median.isFinite else { return HTMLTable.nothing }
    return "<td data-v=\"\(exact: side.median)\">\(text)</td>"
  }

  private static func change(_ effect: Effect?, _ text: String) -> Markup {
    guard let effect else { return "<td>\(text)</td>" }
    return "<td data-v=\"\(exact: effect.change)\">\(text)</td>"
  }
}
