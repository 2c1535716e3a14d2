import Model

/// A trend for programs.
enum TrendJSON {
  /// Keys stand in a fixed order.
  static func document(_ trend: Trend) -> JSONText {
    .object([
      ("schema", .string("heapscale-trend/1")),
      ("metric", .string(trend.definition.id.rawValue)),
      ("title", .string(trend.definition.title)),
      ("unit", .string(trend.definition.unit.rawValue)),
      ("better", .string(trend.definition.better.rawValue)),
      ("series", .array(trend.series.map(series))),
      ("measured_once", .integer(Int64(trend.single))),
      ("warnings", .strings(trend.warnings)),
    ])
  }

  private static func series(_ series: TrendSeries) -> JSONText {
    .object(
      SessionJSON.subject(series.cell.subject) + [
        ("variant", .string(series.cell.variant.description)),
        ("settings", SessionJSON.settings(series.cell.settings)),
        ("machine", .string(series.machine)),
        ("points", .array(series.points.map(point))),
      ])
  }

  private static func point(_ point: TrendPoint) -> JSONText {
    .object([
      ("session", .string(point.session)),
      ("started", .string(Timestamp.iso8601(point.startedAt))),
      ("trials", .integer(Int64(point.trials))),
      ("median", .number(point.median)),
      ("low", .optional(point.low)),
      ("high", .optional(point.high)),
      ("since_before", JudgementJSON.effect(point.sinceBefore)),
      ("since_first", JudgementJSON.effect(point.sinceFirst)),
      ("differs", point.sinceBefore?.isMeasurable.map(JSONText.boolean) ?? .null),
      ("changes", .strings(point.changes)),
    ])
  }
}
