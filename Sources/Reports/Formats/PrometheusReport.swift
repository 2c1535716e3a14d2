import Model

/// Figures for the textfile collector of Prometheus's node exporter.
///
/// The file has to appear whole, under a name that ends in `.prom`: write it beside and rename it, as
/// `heapscale export -o` does.
struct PrometheusReport: ReportFormat {
  let id = "prometheus"
  let fileExtension = "prom"
  let summary = "Prometheus text for the textfile collector, with the cell as labels"

  /// Writes medians and interval ends of all metrics, or of the chosen ones, in base units, and trials by outcome.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let chosen = try MetricChoice.ids(result, options: options)
    return ExpositionText(result: result, metrics: chosen, dialect: .prometheus).text
  }
}
