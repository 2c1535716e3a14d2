import Model

/// Figures in the Bencher Metric Format, for `bencher run --adapter json --file`.
struct BencherReport: ReportFormat {
  let id = "bencher"
  let fileExtension = "json"
  let summary = "Bencher Metric Format: a benchmark for each cell, a measure for each metric"

  /// Bencher's limit for the name of a benchmark, in characters.
  private static let longestName = 1024

  /// Writes the medians of all metrics, or of the chosen ones, with the ends of their 95 % intervals.
  ///
  /// Values are in seconds, bytes and counts, at least the resolution of their instrument. Whether less or more is better is told to Bencher with each measure's
  /// threshold, the format has no place for it. Names are the same in every session.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let chosen = try MetricChoice.ids(result, options: options)
    let benchmarks = result.cells.map { cell in
      let measures = chosen.compactMap { id -> (key: String, value: JSONText)? in
        guard let metric = cell.metric(id), case .figure(let summary, _) = metric.reading(in: cell) else {
          return nil
        }
        let resolved = summary.resolved(by: metric.definition)
        return (id.kebab, BencherReport.measure(resolved, unit: metric.definition.unit))
      }
      let doubt = cell.identity.verified ? "" : " (allocator not proved)"
      let name = String(cell.cell.stableName.prefix(BencherReport.longestName - doubt.count)) + doubt
      return (key: name, value: JSONText.dictionary(measures), isEmpty: measures.isEmpty)
    }
    let named = benchmarks.filter { !$0.isEmpty }.map { (key: $0.key, value: $0.value) }
    return JSONText.dictionary(named).text() + "\n"
  }

  private static func measure(_ summary: Summary, unit: MetricUnit) -> JSONText {
    let ends = [("lower_value", summary.low), ("upper_value", summary.high)]
    return .object(
      [("value", .number(unit.inBaseUnit(summary.median)))]
        + ends.compactMap { name, end in end.map { (key: name, value: .number(unit.inBaseUnit($0))) } })
  }
}
