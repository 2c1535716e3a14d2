import Model

/// The whole comparison for programs: schema `heapscale-comparison/1`, see
/// `Schema/heapscale-comparison-1.schema.json`.
struct JSONComparison: ComparisonFormat {
  let id = "json"
  let fileExtension = "json"
  let summary = "everything, for programs, in base units (schema heapscale-comparison/1)"

  /// Writes every judgement of the metrics chosen, or all.
  ///
  /// Keys stand in a fixed order. Changes are shares (0.05 is 5 % more); a number that is not finite is null.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
  {
    let judgements = try JudgementChoice.all(of: result, options: options)
    let ids = Set(judgements.map(\.definition.id))
    let document = JSONText.object([
      ("schema", .string("heapscale-comparison/1")),
      ("title", .string(result.title)),
      ("baseline", .string(result.baseline)),
      ("candidate", .string(result.candidate)),
      ("session", session.map { SessionJSON(session: $0).value } ?? .null),
      ("sentences", .strings(result.sentences)),
      ("judgements", .array(judgements.map(JudgementJSON.value))),
      ("means", .array(result.means.filter { ids.contains($0.definition.id) }.map(JudgementJSON.mean))),
      (
        "noise_floor",
        .array(result.noiseFloor.filter { ids.contains($0.definition.id) }.map(JudgementJSON.floor))
      ),
      ("noise", .strings(result.noise)),
      ("warnings", .strings(result.warnings)), ("gaps", .strings(result.gaps)),
    ])
    return document.text() + "\n"
  }
}
