/// A metric's change over all workloads of a comparison.
public struct GeometricMean: Hashable, Codable, Sendable {
  /// The metric.
  public var definition: MetricDefinition
  /// The short name of what it is compared with.
  public var baseline: String
  /// The short name of what is judged.
  public var candidate: String
  /// What both have in common besides the workloads, as a phrase: `with tight`; empty when it says nothing.
  public var place: String
  /// How many workloads it goes over, each with the same weight.
  public var workloads: Int
  /// The geometric mean of the ratios less 1; without interval where the workloads do not share blocks.
  public var effect: Effect
  /// What is tolerated of the metric.
  public var threshold: Threshold

  /// States a mean.
  public init(
    definition: MetricDefinition, baseline: String, candidate: String, place: String, workloads: Int,
    effect: Effect, threshold: Threshold
  ) {
    self.definition = definition
    self.baseline = baseline
    self.candidate = candidate
    self.place = place
    self.workloads = workloads
    self.effect = effect
    self.threshold = threshold
  }
}

/// How far the baseline is from itself, measured a second time in the same blocks (A/A).
public struct NoiseFloor: Hashable, Codable, Sendable {
  /// The metric.
  public var definition: MetricDefinition
  /// The baseline's cell.
  public var cell: Cell
  /// The change of the second measurement against the first; nil where every value of the first is 0.
  public var effect: Effect?
  /// What is tolerated of the metric.
  public var threshold: Threshold
  /// Whether the interval reaches beyond the threshold; nil without interval.
  public var exceeds: Bool?

  /// States a noise floor.
  public init(
    definition: MetricDefinition, cell: Cell, effect: Effect?, threshold: Threshold, exceeds: Bool?
  ) {
    self.definition = definition
    self.cell = cell
    self.effect = effect
    self.threshold = threshold
    self.exceeds = exceeds
  }
}

/// Everything a comparison found: what its reports are made from.
public struct ComparisonResult: Hashable, Codable, Sendable {
  /// What is compared, in a line.
  public var title: String
  /// The name of what is compared with.
  public var baseline: String
  /// The name of what is judged; several are separated by commas.
  public var candidate: String
  /// The judgements in the order of the cells and metrics.
  public var judgements: [Judgement]
  /// Changes over all workloads; empty where there is only one.
  public var means: [GeometricMean]
  /// How far the baseline is from itself; empty without a second baseline arm.
  public var noiseFloor: [NoiseFloor]
  /// Sentences about what disturbed the machine, and what would help.
  public var noise: [String]
  /// Sentences about what not to rely on.
  public var warnings: [String]
  /// What was found, in words, the most important first.
  public var sentences: [String]
  /// What would decide about a check and was not compared, a phrase each: a gate with any has not passed.
  public var gaps: [String]

  /// States what was found.
  public init(
    title: String, baseline: String, candidate: String, judgements: [Judgement],
    means: [GeometricMean] = [], noiseFloor: [NoiseFloor] = [], noise: [String] = [],
    warnings: [String] = [], sentences: [String] = [], gaps: [String] = []
  ) {
    self.title = title
    self.baseline = baseline
    self.candidate = candidate
    self.judgements = judgements
    self.means = means
    self.noiseFloor = noiseFloor
    self.noise = noise
    self.warnings = warnings
    self.sentences = sentences
    self.gaps = gaps
  }

  /// The judgements of one kind that decide about a check.
  public func gating(_ verdict: Verdict) -> [Judgement] {
    judgements.filter { $0.threshold.gates && $0.verdict == verdict }
  }
}
