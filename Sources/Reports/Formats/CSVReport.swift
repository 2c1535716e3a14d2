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
      // They are no metrics of trials: who chooses metrics leaves them out.
      guard options.metrics == nil, let record = result.session.simulation(of: cell.cell) else { continue }
      text += CSVReport.simulated(record).map { CSVText.record(start + $0) }.joined()
    }
    return text
  }

  private static let titles = [
    "metric", "unit", "better", "provenance", "n", "median", "low", "high", "ratio_to_reference", "effect",
    "effect_low", "effect_high", "note", "unavailable", "resolution", "below_resolution",
  ]

  /// One line for each simulated figure, or one with the reason why there is none.
  private static func simulated(_ record: SimulationRecord) -> [[CSVText.Field]] {
    let none = [CSVText.Field](repeating: .number(nil), count: 6)
    let kind: [CSVText.Field] = [.text(MetricUnit.count.rawValue), .text(Direction.lower.rawValue)]
    guard let events = record.events else {
      let start = [.text(SimulatedValues.unavailableName)] + kind + [.text(""), .count(0), .number(nil)]
      return [start + none + [.text(""), .text(record.unavailable ?? "")] + exact]
    }
    return SimulatedValues.values(events).map { value in
      [.text(value.name)] + kind + [.text(Provenance.simulated.rawValue), .count(1), .number(value.number)]
        + none + [.text(""), .text("")] + exact
    }
  }

  /// What is counted one by one has no resolution.
  private static let exact: [CSVText.Field] = [.number(nil), .text("")]

  private static func fields(_ metric: MetricResult, of cell: CellResult) -> [CSVText.Field] {
    let definition = metric.definition
    let start: [CSVText.Field] = [
      .text(definition.id.rawValue), .text(definition.unit.rawValue), .text(definition.better.rawValue),
    ]
    switch metric.reading(in: cell) {
    case .unavailable(let reason):
      return start + [.text(""), .count(0)] + [CSVText.Field](repeating: .number(nil), count: 7)
        + [.text(""), .text(reason), .number(definition.resolution), .text("")]
    case .figure(let summary, let provenance):
      return start + [
        .text(provenance.rawValue), .count(metric.values.count), .number(summary.median),
        .number(summary.low), .number(summary.high), .number(metric.ratio), .number(metric.effect?.change),
        .number(metric.effect?.low), .number(metric.effect?.high), .text(summary.note ?? ""), .text(""),
        .number(definition.resolution), .flag(metric.isBelowResolution),
      ]
    }
  }
}
