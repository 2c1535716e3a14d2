import Model

/// Figures for *github-action-benchmark*, tool `customBiggerIsBetter`.
struct GitHubActionBenchmarkBiggerReport: ReportFormat {
  let id = "github-action-benchmark-bigger"
  let fileExtension = "json"
  let summary = "for github-action-benchmark (customBiggerIsBetter): metrics of which more is better"

  /// Writes the medians of all metrics, or of the chosen ones, of which more is better.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    try ActionBenchmarkJSON(result: result, options: options, better: .higher).text()
  }
}
