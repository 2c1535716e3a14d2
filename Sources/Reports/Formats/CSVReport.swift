import Model

/// One line for each metric of each cell, for spreadsheets and data frames.
struct CSVReport: ReportFormat {
  let id = "csv"
  let fileExtension = "csv"
  let summary = "one line for each metric of each cell, with interval, ratio and effect, in base units"

  /// Writes all metrics, or the chosen ones; those without a value give their reason.
  ///
  /// RFC 4180 with a head line. Text that starts like a formula gets an apostrophe in front.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let chosen = try MetricChoice.ids(result, options: options)
    let columns = CellColumns(session: result.session)
    var text = CSVText.record((CellColumns.titles + CSVReport.titles).map(CSVText.Field.text))
    for cell in result.cells {
      let start = columns.fields(cell)
      for metric in chosen.compactMap(cell.metric) {
        text += CSVText.record(start + CSVReport.fields(metric, of: cell))
      }
    }
    return text
  }

  private static let titles = [
    "metric", "unit", "better", "provenance", "n", "median", "low", "high", "ratio_to_reference", "effect",
    "effect_low", "effect_high", "note", "unavailable",
  ]

  private static func fields(_ metric: MetricResult, of cell: CellResult) -> [CSVText.Field] {
    let definition = metric.definition
    let start: [CSVText.Field] = [
      .text(definition.id.rawValue), .text(definition.unit.rawValue), .text(definition.better.rawValue),
    ]
    switch metric.reading(in: cell) {
    case .unavailable(let reason):
      return start + [.text(""), .count(0)] + [CSVText.Field](repeating: .number(nil), count: 7)
        + [.text(""), .text(reason)]
    case .figure(let summary, let provenance):
      return start + [
        .text(provenance.rawValue), .count(metric.values.count), .number(summary.median),
        .number(summary.low), .number(summary.high), .number(metric.ratio), .number(metric.effect?.change),
        .number(metric.effect?.low), .number(metric.effect?.high), .text(summary.note ?? ""), .text(""),
      ]
    }
  }
}
