import Model

/// The comparison in GitHub's Markdown, for a pull request or a page.
struct MarkdownComparison: ComparisonFormat {
  let id = "markdown"
  let fileExtension = "md"
  let summary = "sentences and tables for GitHub, regressions first, what is the same folded away"

  /// Writes sentences, one table for each verdict, and notes.
  ///
  /// Metrics that only inform and did not change are counted, unless they were chosen.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
  {
    let page = try JudgementMarkdown(result: result, session: session, options: options)
    return page.lines.joined(separator: "\n") + "\n"
  }
}
