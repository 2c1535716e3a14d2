import Model

/// The whole result for programs: schema `heapscale/2`, see `Schema/heapscale-2.schema.json`.
struct JSONReport: ReportFormat {
  let id = "json"
  let fileExtension = "json"
  let summary = "everything, for programs, in base units (schema heapscale/2)"

  /// Writes everything that is known; a choice of metrics does not apply.
  ///
  /// Keys stand in a fixed order. Times are in seconds and latencies in nanoseconds, sizes in bytes.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let document = JSONText.object([
      ("schema", .string("heapscale/2")),
      ("session", SessionJSON(session: result.session).value),
      ("cells", .array(result.cells.map { JSONReport.cell($0, of: result.session) })),
      ("notes", .strings(result.notes)),
    ])
    return document.text() + "\n"
  }

  private static func cell(_ result: CellResult, of session: Session) -> JSONText {
    let variant = result.cell.variant
    let outcomes = result.outcomes.map {
      (key: $0.outcome.description, value: JSONText.integer(Int64($0.count)))
    }
    let metrics = result.metrics.map { (key: $0.definition.id.rawValue, value: metric($0, of: result)) }
    return .object(
      SessionJSON.subject(result.cell.subject) + [
        ("variant", .string(variant.description)),
        ("libc", .string(variant.libc.rawValue)),
        ("linkage", .string(variant.linkage.rawValue)),
        ("allocator", .string(variant.allocator.rawValue)),
        ("arch", .string(session.architecture(of: variant))),
        ("settings", SessionJSON.settings(result.cell.settings)),
        ("audit", AuditJSON.entries(result.audit)),
        ("identity", identity(result.identity)),
        ("outcomes", .object(outcomes)),
        ("messages", .strings(result.messages)),
        ("metrics", .object(metrics)),
      ] + ProcessJSON.pairs(result.processes) + SimulationJSON.pair(session.simulation(of: result.cell)))
  }

  private static func identity(_ identity: Identity) -> JSONText {
    .object([
      ("allocator", .optional(identity.allocator?.rawValue)),
      ("evidence", .strings(identity.evidence)),
      ("verified", .boolean(identity.verified)),
    ])
  }

  private static func metric(_ metric: MetricResult, of cell: CellResult) -> JSONText {
    let start: [(key: String, value: JSONText)] = [
      ("unit", .string(metric.definition.unit.rawValue)),
      ("better", .string(metric.definition.better.rawValue)),
      ("resolution", .optional(metric.definition.resolution)),
    ]
    switch metric.reading(in: cell) {
    case .unavailable(let reason): return .object(start + [("unavailable", .string(reason))])
    case .figure(let summary, let provenance):
      let doubt = summary.note.map { [(key: "note", value: JSONText.string($0))] } ?? []
      return .object(
        start + [
          ("provenance", .string(provenance.rawValue)),
          ("median", .number(summary.median)),
          ("low", .optional(summary.low)),
          ("high", .optional(summary.high)),
          ("ratio_to_reference", .optional(metric.ratio)),
          ("values", .array(metric.values.map(JSONText.number))),
          ("below_resolution", .boolean(metric.isBelowResolution)),
        ] + doubt + effect(metric) + largest(metric, of: cell))
    }
  }

  /// Which process it was, in the trial that stands for the cell.
  private static func largest(_ metric: MetricResult, of cell: CellResult) -> [(key: String, value: JSONText)]
  {
    guard metric.definition.id == "peak_process", let name = cell.processes?.table.largest?.name else {
      return []
    }
    return [("process", .string(name))]
  }

  /// What the settings changed, where that is known.
  private static func effect(_ metric: MetricResult) -> [(key: String, value: JSONText)] {
    guard let effect = metric.effect else { return [] }
    let value = JSONText.object([
      ("change", .number(effect.change)),
      ("low", .optional(effect.low)),
      ("high", .optional(effect.high)),
      ("pairs", .integer(Int64(effect.pairs))),
      ("note", .optional(effect.note)),
    ])
    return [("effect", value)]
  }
}
