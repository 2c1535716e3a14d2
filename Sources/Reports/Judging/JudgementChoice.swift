import Model
import OrderedCollections

/// Which judgements a table shows, and which it only counts.
struct JudgementChoice {
  /// Those to show, in the order of the result.
  let shown: [Judgement]
  /// Those left out because they neither gate nor found a change.
  let hidden: [Judgement]

  /// Chooses what a reader needs: everything that gates or changed and the usual columns, or what the caller chose.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  init(_ result: ComparisonResult, options: ComparisonOptions) throws(ReportError) {
    let all = try JudgementChoice.all(of: result, options: options)
    guard options.metrics == nil else {
      shown = all
      hidden = []
      return
    }
    shown = all.filter(JudgementChoice.matters)
    hidden = all.filter { !JudgementChoice.matters($0) }
  }

  /// All judgements of the metrics the caller chose; all of the result when nothing was chosen.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  static func all(of result: ComparisonResult, options: ComparisonOptions) throws(ReportError) -> [Judgement]
  {
    guard let chosen = options.metrics else { return result.judgements }
    let known = OrderedSet(result.judgements.map(\.definition.id))
    for id in chosen where !known.isEmpty && !known.contains(id) {
      throw ReportError.unknownMetric(id.rawValue, known: known.map(\.rawValue))
    }
    return result.judgements.filter { chosen.contains($0.definition.id) }
  }

  private static func matters(_ judgement: Judgement) -> Bool {
    judgement.threshold.gates || judgement.verdict == .regression || judgement.verdict == .improvement
      || MetricChoice.standard.contains(judgement.definition.id)
  }

  /// What was left out, in a sentence; nil when nothing.
  var note: String? {
    guard !hidden.isEmpty else { return nil }
    let metrics = OrderedSet(hidden.map(\.definition.id.rawValue))
    let names = metrics.prefix(6).joined(separator: ", ") + (metrics.count > 6 ? ", …" : "")
    let noun = hidden.count == 1 ? "comparison that only informs" : "comparisons that only inform"
    return "\(hidden.count) \(noun): \(VerdictTally.counts(hidden)) (\(names)); the json format has them"
  }
}
