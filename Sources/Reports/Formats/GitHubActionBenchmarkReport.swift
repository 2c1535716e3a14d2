import Model

/// Figures for *github-action-benchmark*, tool `customSmallerIsBetter`.
struct GitHubActionBenchmarkReport: ReportFormat {
  let id = "github-action-benchmark"
  let fileExtension = "json"
  let summary = "for github-action-benchmark (customSmallerIsBetter): metrics of which less is better"

  /// Writes the medians of all metrics, or of the chosen ones, of which less is better; the others are in
  /// `github-action-benchmark-bigger`. Names are the same in every session.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    try ActionBenchmarkJSON(result: result, options: options, better: .lower).text()
  }
}
