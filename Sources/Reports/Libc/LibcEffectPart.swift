import Model

/// The part of a libc page about one factor: a table of changes for each pair of variants, and intervals by metric.
struct LibcEffectPart {
  let effect: FactorEffect
  let number: Int
  let metrics: [MetricDefinition]

  /// The part; without pairs it says what to measure.
  var section: Page.Section {
    guard let comparison = effect.comparison else {
      return Page.Section(
        id: id, title: effect.factor.heading, intro: effect.factor.explanation,
        body: "<p>Not measured. It takes, for example:</p><pre>heapscale run … \(effect.factor.remedy)</pre>")
    }
    let tables = effect.pairs.map { table(LibcTable($0, of: effect, metrics: metrics)) }
    let forest = ForestPlots(comparison: comparison, number: number, metrics: metrics).markup
    let doubts: Markup =
      comparison.warnings.isEmpty
      ? "" : "<ul class=\"doubts\">\(comparison.warnings.map { "<li>\($0)</li>" as Markup }.joined())</ul>"
    return Page.Section(
      id: id, title: effect.factor.heading, intro: effect.factor.explanation,
      body: tables.joined() + doubts + "<h3>With intervals, by metric</h3>" + forest)
  }

  private var id: String { effect.factor.rawValue.replacing("_", with: "-") }

  private func table(_ table: LibcTable) -> Markup {
    let pair = table.pair
    let besides: [Markup] = pair.confounds.map { "<li>Besides: \($0)</li>" }
    let columns: [HTMLTable.Column] =
      [.init(title: "workload", isText: true)]
      + table.metrics.map { .init(title: "\($0.title)\($0.better == .lower ? " ↓" : " ↑")") }
    let rows = table.rows.map { row in
      HTMLTable.row(
        "\(row.label)", row.judgements.map { LibcEffectPart.cell($0?.finiteEffect, $0?.threshold) })
    }
    let means: [Markup] = table.means.flatMap { mean in
      let cells = zip(table.metrics, mean.effects).map { metric, effect in
        LibcEffectPart.cell(effect, Threshold.standard(for: metric))
      }
      let intervals: [Markup] = mean.effects.map { "<td class=\"na\">\(ShortChange.interval($0))</td>" }
      return [
        HTMLTable.row("geometric mean \(mean.place)", cells, style: "best"),
        HTMLTable.row("<small>its 95 % interval</small>", intervals),
      ]
    }
    return "<h3>\(pair.candidateName) <small>against \(pair.baselineName)</small></h3>"
      + .when(!besides.isEmpty, "<ul class=\"doubts\">\(besides.joined())</ul>")
      + HTMLTable(columns: columns, rows: rows + means).markup
  }

  /// The change, tinted where its interval holds no zero; the exact share stands in `data-v`.
  private static func cell(_ effect: Effect?, _ threshold: Threshold?) -> Markup {
    guard let effect, effect.isFinite else { return HTMLTable.nothing }
    return """
      <td\(tint(effect, threshold)) data-v="\(figure: effect.change)" title="\(ChangeText.text(effect))">\
      \(ShortChange.text(effect))</td>
      """
  }

  /// Up to 12 %, up to half as much again, and beyond, either way, as in the matrix of a session.
  private static func tint(_ effect: Effect, _ threshold: Threshold?) -> Markup {
    guard effect.isMeasurable == true, let threshold, effect.change != 0 else { return "" }
    let factor = effect.change > -1 ? max(1 + effect.change, 1 / (1 + effect.change)) : .infinity
    let strength = factor < 1.12 ? 1 : factor < 1.5 ? 2 : 3
    let isBetter = (effect.change < 0) == (threshold.better == .lower)
    return isBetter ? " class=\"b\(strength)\"" : " class=\"w\(strength)\""
  }
}
