/// How far two cells' values lie apart, and how sure that is: by pairs of one block, or by two samples.
protocol ShiftSample {
  /// How many trials the smaller side has.
  var count: Int { get }
  /// The centre with its interval.
  func shift(confidence: Double) throws(FindingsError) -> Shift
  /// The one-sided p-value of the hypothesis that the centre lies at or below a limit.
  ///
  /// It fits the interval: it is at most α where the limit lies below the lower end of that with level 1 − 2α.
  func probability(above limit: Double) -> Double
  /// The one-sided p-value of the hypothesis that the centre lies at or above a limit.
  func probability(below limit: Double) -> Double
  /// How many more trials of each side it takes until a p-value can be that small.
  func missing(for probability: Double) -> Int
  /// How far beyond a limit the centre must lie so that `probability(above:)` falls to a level four times out of five;
  /// nil with too few trials for that level.
  func reach(at level: Double) -> Double?
}

/// The differences between trials of one block.
struct PairedSample: ShiftSample {
  private let differences: [Double]
  private let averages: WalshAverages

  init(_ differences: [Double]) {
    self.differences = differences
    averages = WalshAverages(differences)
  }

  var count: Int { differences.count }

  func shift(confidence: Double) throws(FindingsError) -> Shift {
    try HodgesLehmann.shift(differences, confidence: confidence)
  }

  func probability(above limit: Double) -> Double {
    SignedRank.probability(atMost: averages.countUp(to: limit), count: count)
  }

  func probability(below limit: Double) -> Double {
    // What lies at the limit counts against whoever wants to show a change, on both sides.
    let atOrAbove = averages.count - averages.countUp(to: limit.nextDown)
    return SignedRank.probability(atMost: atOrAbove, count: count)
  }

  func missing(for probability: Double) -> Int {
    max(0, SignedRank.pairsNeeded(forProbability: probability) - count)
  }

  func reach(at level: Double) -> Double? {
    guard let reach = DetectionReach.paired(count, level: level) else { return nil }
    return reach * (Scatter.squares(differences) / Double(count - 1)).squareRoot()
  }
}

/// Trials of two cells that have nothing to do with each other, as of two sessions.
struct UnpairedSample: ShiftSample {
  private let values: [Double]
  private let baselines: [Double]
  private let differences: PairwiseDifferences
  private let distribution: MannWhitney

  init(_ values: [Double], _ baselines: [Double]) {
    self.values = values
    self.baselines = baselines
    differences = PairwiseDifferences(values, less: baselines)
    distribution = MannWhitney(values, baselines)
  }

  var count: Int { min(values.count, baselines.count) }

  func shift(confidence: Double) throws(FindingsError) -> Shift {
    try TwoSampleShift.shift(
      differences, distribution: distribution, confidence: confidence)
  }

  func probability(above limit: Double) -> Double {
    distribution.probability(atMost: differences.countUp(to: limit))
  }

  func probability(below limit: Double) -> Double {
    distribution.probability(atMost: differences.count - differences.countUp(to: limit.nextDown))
  }

  func missing(for probability: Double) -> Int {
    var missing = 0
    while MannWhitney.smallestProbability(values.count + missing, baselines.count + missing)
      > probability * (1 + 1e-12)
    {
      missing += 1
    }
    return missing
  }

  func reach(at level: Double) -> Double? {
    guard let reach = DetectionReach.unpaired(values.count, baselines.count, level: level) else { return nil }
    let squares = Scatter.squares(values) + Scatter.squares(baselines)
    return reach * (squares / Double(values.count + baselines.count - 2)).squareRoot()
  }
}

/// Sums of squares, from which standard deviations come.
enum Scatter {
  /// The squared distances from the mean, added up; 0 for equal values, whatever rounding does to their mean.
  static func squares(_ values: [Double]) -> Double {
    guard let first = values.first, values.contains(where: { $0 != first }) else { return 0 }
    let mean = values.reduce(0) { $0 + $1 / Double(values.count) }
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}
