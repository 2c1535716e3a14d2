import Model

/// A figure of a cell as a table shows it: the median with its interval's half width and the change against the
/// reference, tinted where a verdict was reached. The exact median stands in `data-v`.
struct FigureCell {
  let metric: MetricResult
  let cell: CellResult
  /// What was found against the reference; nil where nothing was compared.
  let judgement: Judgement?

  /// The `td`; reasons are numbered by `footnotes`.
  func markup(_ footnotes: inout Footnotes) -> Markup {
    switch metric.reading(in: cell) {
    case .unavailable(let reason):
      return "<td class=\"na\">—\(footnotes.mark(reason))"
    case .figure(let summary, let provenance):
      let spread = metric.spread(summary) ?? ""
      let interval: Markup = spread.isEmpty ? "" : "<i>\(spread)</i>"
      let isExact = provenance == .counted || metric.isBelowResolution
      let sign = isExact ? "" : provenance == .sampled ? "~" : "s"
      let origin: Markup = sign.isEmpty ? "" : "<sup title=\"\(provenance.rawValue)\">\(sign)</sup>"
      return """
        <td\(tint) data-v="\(figure: summary.median)">\(FigureText.text(summary.median, of: metric.definition))\(origin)\(interval)\(change)
        """
    }
  }

  private var tint: Markup {
    guard let tone = judgement?.tone else {
      return .when(judgement?.verdict == .inconclusive, " class=\"q\"")
    }
    return tone == .better ? " class=\"b\(strength)\"" : " class=\"w\(strength)\""
  }

  /// From 1 to 3: up to 12 %, up to half as much again, and beyond, either way.
  private var strength: Int {
    guard let change = judgement?.finiteEffect?.change, change > -1 else { return 3 }
    let factor = max(1 + change, 1 / (1 + change))
    return factor < 1.12 ? 1 : factor < 1.5 ? 2 : 3
  }

  /// The finding's sign with the change that was judged; in parentheses what chance could have done.
  private var change: Markup {
    guard let judgement else { return "" }
    let sign = judgement.tone?.sign ?? VerdictGroup(judgement).sign
    let shown = judgement.tone != nil && judgement.verdict == .inconclusive ? "(\(sign))" : sign
    guard let effect = judgement.finiteEffect else { return "<b>\(shown)</b>" }
    let change = Effect(change: effect.change, low: nil, high: nil, pairs: effect.pairs)
    return "<b>\(shown) \(ChangeText.text(change))</b>"
  }
}
