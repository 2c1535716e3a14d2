/// One side of a comparison.
public struct JudgedSide: Hashable, Codable, Sendable {
  /// The cell.
  public var cell: Cell
  /// A short name that tells it from the other side: an allocator, a settings set, an arm or a session.
  public var name: String
  /// How many trials gave a value.
  public var count: Int
  /// The median of their values.
  public var median: Double
  /// Blocks whose value lies beyond 5 · 1.4826 · MAD of the median. They are shown, and counted like all others.
  public var outliers: [Int]

  /// States a side.
  public init(cell: Cell, name: String, count: Int, median: Double, outliers: [Int] = []) {
    self.cell = cell
    self.name = name
    self.count = count
    self.median = median
    self.outliers = outliers
  }
}

/// A change in the metric's unit, with its 95 % interval.
public struct Difference: Hashable, Codable, Sendable {
  /// The candidate's value less the baseline's.
  public var centre: Double
  /// Lower end of the interval; nil while there are too few trials.
  public var low: Double?
  /// Upper end of the interval.
  public var high: Double?

  /// States a difference.
  public init(centre: Double, low: Double?, high: Double?) {
    self.centre = centre
    self.low = low
    self.high = high
  }
}

/// How unlikely a change as large as the one seen is while the true one stays within the threshold.
public struct AdjustedP: Hashable, Codable, Sendable {
  /// Of the hypothesis that it got worse by no more than the threshold; a regression is at or below 0.05.
  public var regression: Double
  /// Of the hypothesis that it got better by no more than the threshold.
  public var improvement: Double

  /// States both probabilities, adjusted for the number of comparisons.
  public init(regression: Double, improvement: Double) {
    self.regression = regression
    self.improvement = improvement
  }
}

/// One metric compared between two cells: how much it changed, and what follows.
public struct Judgement: Hashable, Codable, Sendable {
  /// The metric.
  public var definition: MetricDefinition
  /// What it is compared with.
  public var baseline: JudgedSide
  /// What is judged.
  public var candidate: JudgedSide
  /// What both sides have in common, as a phrase: `on larson threads=4 with tight`; empty when it says nothing.
  public var place: String
  /// The relative change with its 95 % interval, in the exact lane with the smallest and the largest change between
  /// any two repeats. Nil where every baseline value is 0. Unpaired, its `pairs` are the trials of the smaller side.
  public var effect: Effect?
  /// The change in the metric's unit.
  public var difference: Difference
  /// What it was judged by.
  public var threshold: Threshold
  /// How it was judged: `sampled` also where the threshold says `exact` and repeats differ too much.
  public var lane: Lane
  /// Whether trials were paired by block; otherwise the sides were measured one after the other.
  public var isPaired: Bool
  /// What follows.
  public var verdict: Verdict
  /// Holm's p-values over all comparisons that gate, or all that inform; nil in the exact lane.
  public var adjustedP: AdjustedP?
  /// How many more trials of each side a verdict takes at the least; 0 where the number is enough or there is one.
  public var missing: Int
  /// The smallest relative change that such trials call a regression or an improvement four times out of five, beyond
  /// the threshold and among so many comparisons; nil with too few trials for a verdict and in the exact lane.
  public var detectable: Double?
  /// Doubt that travels with it, one sentence each.
  public var notes: [String]

  /// States a judgement.
  public init(
    definition: MetricDefinition, baseline: JudgedSide, candidate: JudgedSide, place: String,
    effect: Effect?, difference: Difference, threshold: Threshold, lane: Lane, isPaired: Bool,
    verdict: Verdict, adjustedP: AdjustedP? = nil, missing: Int = 0, detectable: Double? = nil,
    notes: [String] = []
  ) {
    self.definition = definition
    self.baseline = baseline
    self.candidate = candidate
    self.place = place
    self.effect = effect
    self.difference = difference
    self.threshold = threshold
    self.lane = lane
    self.isPaired = isPaired
    self.verdict = verdict
    self.adjustedP = adjustedP
    self.missing = missing
    self.detectable = detectable
    self.notes = notes
  }
}
