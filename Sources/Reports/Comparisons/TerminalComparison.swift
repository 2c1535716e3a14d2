import Model

/// The comparison for a terminal: what was found in words, then every figure that matters, regressions first.
struct TerminalComparison: ComparisonFormat {
  let id = "terminal"
  let fileExtension = "txt"
  let summary = "sentences and a table for a terminal of a given width, with or without colours"

  /// Writes sentences, judgements by verdict, and notes.
  ///
  /// Metrics that only inform and did not change are counted, unless they were chosen.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
  {
    try JudgementPage(result: result, session: session, options: options).text
  }
}
