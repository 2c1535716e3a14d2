import Model

/// The Markdown of a comparison for `$GITHUB_STEP_SUMMARY`, which takes no more than 1 MiB.
struct GitHubSummaryComparison: ComparisonFormat {
  let id = "github-summary"
  let fileExtension = "md"
  let summary = "Markdown for $GITHUB_STEP_SUMMARY, cut to what a step may add"

  /// GitHub refuses a whole summary above it (workflow commands, "Step isolation and limits").
  static let limit = 1 << 20
  /// Bytes kept for the end that says what was cut.
  private static let reserve = 512

  /// Writes what `markdown` writes; lines that do not fit are counted at the end.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
  {
    let page = try JudgementMarkdown(result: result, session: session, options: options)
    return GitHubSummaryComparison.cut(page.lines, to: GitHubSummaryComparison.limit)
  }

  /// Whole lines of at most so many bytes together, with folds closed.
  static func cut(_ lines: [String], to limit: Int) -> String {
    let sizes = lines.map { $0.utf8.count + 1 }
    if sizes.reduce(0, +) <= limit { return lines.joined(separator: "\n") + "\n" }
    var left = limit - reserve
    let kept = zip(lines, sizes).prefix { _, size in
      left -= size
      return left >= 0
    }.map { line, _ in line }
    let isOpen = (kept.lastIndex(of: "<details>") ?? -1) > (kept.lastIndex(of: "</details>") ?? -1)
    let end = [
      "",
      "**Cut here:** \(lines.count - kept.count) more lines do not fit into a step summary; the formats "
        + "markdown and json have all of them.",
    ]
    return (kept + (isOpen ? ["", "</details>"] : []) + end).joined(separator: "\n") + "\n"
  }
}
