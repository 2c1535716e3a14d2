import Model

/// One line for each value of each metric, for statistics of one's own.
struct ValuesCSVReport: ReportFormat {
  let id = "values-csv"
  let fileExtension = "csv"
  let summary = "one line for each value of each trial that ended ok, in base units"

  /// Writes all values of all metrics, or of the chosen ones; `index` counts the trials that ended ok from 1.
  ///
  /// RFC 4180 with a head line. Text that starts like a formula gets an apostrophe in front.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let chosen = try MetricChoice.ids(result, options: options)
    let columns = CellColumns(session: result.session)
    let titles =
      CellColumns.titles + [
        "metric", "unit", "better", "provenance", "index", "value", "resolution", "below_resolution",
      ]
    var text = CSVText.record(titles.map(CSVText.Field.text))
    for cell in result.cells {
      let start = columns.fields(cell)
      for metric in chosen.compactMap(cell.metric) {
        text += ValuesCSVReport.records(metric, of: cell, start: start)
      }
      guard options.metrics == nil, let events = result.session.simulation(of: cell.cell)?.events else {
        continue
      }
      text += ValuesCSVReport.records(events, start: start)
    }
    return text
  }

  private static func records(_ events: SimulatedEvents, start: [CSVText.Field]) -> String {
    SimulatedValues.values(events).map { value in
      CSVText.record(
        start + [
          .text(value.name), .text(MetricUnit.count.rawValue), .text(Direction.lower.rawValue),
          .text(Provenance.simulated.rawValue), .count(1), .number(value.number), .text(""), .text(""),
        ])
    }.joined()
  }

  private static func records(_ metric: MetricResult, of cell: CellResult, start: [CSVText.Field]) -> String {
    guard case .figure(_, let provenance) = metric.reading(in: cell) else { return "" }
    let definition = metric.definition
    let middle: [CSVText.Field] = [
      .text(definition.id.rawValue), .text(definition.unit.rawValue), .text(definition.better.rawValue),
      .text(provenance.rawValue),
    ]
    return metric.values.enumerated().map { index, value in
      CSVText.record(
        start + middle + [
          .count(index + 1), .number(value), .number(definition.resolution),
          .flag(definition.isBelowResolution(value)),
        ])
    }.joined()
  }
}
