import Model

/// Figures in the OpenMetrics 1.0 text format.
struct OpenMetricsReport: ReportFormat {
  let id = "openmetrics"
  let fileExtension = "txt"
  let summary = "OpenMetrics text: a gauge for each metric, with the cell as labels"

  /// Writes medians and interval ends of all metrics, or of the chosen ones, in base units, and trials by outcome.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let chosen = try MetricChoice.ids(result, options: options)
    return ExpositionText(result: result, metrics: chosen, dialect: .openMetrics).text
  }
}
