import Model

/// Judgements, means and noise floors, for programs.
enum JudgementJSON {
  /// One judgement.
  static func value(_ judgement: Judgement) -> JSONText {
    .object(
      metric(judgement.definition) + [
        ("place", .string(judgement.place)),
        ("verdict", .string(judgement.verdict.rawValue)),
        ("baseline", side(judgement.baseline, of: judgement.definition)),
        ("candidate", side(judgement.candidate, of: judgement.definition)),
        ("effect", effect(judgement.effect)),
        ("difference", difference(judgement.difference)),
        ("threshold", threshold(judgement.threshold)),
        ("lane", .string(judgement.lane.rawValue)),
        ("paired", .boolean(judgement.isPaired)),
        ("adjusted_p", adjusted(judgement.adjustedP)),
        ("missing_trials", .integer(Int64(judgement.missing))),
        ("detectable", .optional(judgement.detectable)),
        ("notes", .strings(judgement.notes)),
      ])
  }

  /// A change over all workloads.
  static func mean(_ mean: GeometricMean) -> JSONText {
    .object(
      metric(mean.definition) + [
        ("place", .string(mean.place)),
        ("baseline", .string(mean.baseline)),
        ("candidate", .string(mean.candidate)),
        ("workloads", .integer(Int64(mean.workloads))),
        ("effect", effect(mean.effect)),
        ("threshold", threshold(mean.threshold)),
      ])
  }

  /// How far a baseline is from itself.
  static func floor(_ floor: NoiseFloor) -> JSONText {
    .object(
      metric(floor.definition) + [
        ("cell", .object(cell(floor.cell))),
        ("effect", effect(floor.effect)),
        ("threshold", threshold(floor.threshold)),
        ("exceeds", floor.exceeds.map(JSONText.boolean) ?? .null),
      ])
  }

  private static func metric(_ definition: MetricDefinition) -> [(key: String, value: JSONText)] {
    [
      ("metric", .string(definition.id.rawValue)), ("title", .string(definition.title)),
      ("unit", .string(definition.unit.rawValue)), ("resolution", .optional(definition.resolution)),
    ]
  }

  private static func cell(_ cell: Cell) -> [(key: String, value: JSONText)] {
    SessionJSON.subject(cell.subject) + [
      ("variant", .string(cell.variant.description)), ("settings", SessionJSON.settings(cell.settings)),
    ]
  }

  private static func side(_ side: JudgedSide, of definition: MetricDefinition) -> JSONText {
    .object(
      [("name", .string(side.name))] + cell(side.cell) + [
        ("trials", .integer(Int64(side.count))),
        ("median", .number(side.median)),
        ("below_resolution", .boolean(definition.isBelowResolution(side.median))),
        ("outlier_blocks", .array(side.outliers.map { .integer(Int64($0)) })),
      ])
  }

  /// A relative change with its interval, or null.
  static func effect(_ effect: Effect?) -> JSONText {
    guard let effect, effect.isFinite else { return .null }
    return .object([
      ("change", .number(effect.change)),
      ("low", .optional(effect.low)),
      ("high", .optional(effect.high)),
      ("pairs", .integer(Int64(effect.pairs))),
      ("note", .optional(effect.note)),
    ])
  }

  private static func difference(_ difference: Difference) -> JSONText {
    .object([
      ("centre", .number(difference.centre)),
      ("low", .optional(difference.low)),
      ("high", .optional(difference.high)),
    ])
  }

  private static func threshold(_ threshold: Threshold) -> JSONText {
    .object([
      ("relative", .number(threshold.relative)),
      ("absolute", .optional(threshold.absolute)),
      ("better", .string(threshold.better.rawValue)),
      ("gates", .boolean(threshold.gates)),
      ("lane", .string(threshold.lane.rawValue)),
    ])
  }

  private static func adjusted(_ p: AdjustedP?) -> JSONText {
    guard let p else { return .null }
    return .object([("regression", .number(p.regression)), ("improvement", .number(p.improvement))])
  }
}
