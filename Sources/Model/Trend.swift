/// What one session measured of a metric in one cell, with what is known of the machine.
public struct TrendReading: Hashable, Sendable {
  /// The session's name.
  public var session: String
  /// When it began, in seconds since 1970.
  public var startedAt: Double
  /// The machine and the allocators' files.
  public var fingerprint: Fingerprint
  /// The cell.
  public var cell: Cell
  /// Values of the measured trials that ended `ok`, in order of blocks.
  public var values: [Double]

  /// States readings.
  public init(
    session: String, startedAt: Double, fingerprint: Fingerprint, cell: Cell, values: [Double]
  ) {
    self.session = session
    self.startedAt = startedAt
    self.fingerprint = fingerprint
    self.cell = cell
    self.values = values
  }
}

/// One session in a trend.
public struct TrendPoint: Hashable, Codable, Sendable {
  /// The session's name.
  public var session: String
  /// When it began, in seconds since 1970.
  public var startedAt: Double
  /// How many trials gave a value.
  public var trials: Int
  /// Median of their values, in the metric's unit.
  public var median: Double
  /// Lower end of its 95 % interval; nil while there are too few trials.
  public var low: Double?
  /// Upper end of the interval.
  public var high: Double?
  /// The change against the session before, unpaired; nil for the first, and where nothing is a share of 0.
  public var sinceBefore: Effect?
  /// The change against the first session, unpaired; nil for the first, and where nothing is a share of 0.
  public var sinceFirst: Effect?
  /// What else is different from the session before, a phrase each: `kernel 6.1 → 6.18`.
  public var changes: [String]

  /// States a point.
  public init(
    session: String, startedAt: Double, trials: Int, median: Double, low: Double?, high: Double?,
    sinceBefore: Effect?, sinceFirst: Effect?, changes: [String]
  ) {
    self.session = session
    self.startedAt = startedAt
    self.trials = trials
    self.median = median
    self.low = low
    self.high = high
    self.sinceBefore = sinceBefore
    self.sinceFirst = sinceFirst
    self.changes = changes
  }
}

/// The sessions of one cell on one class of machine, in order of time.
public struct TrendSeries: Hashable, Codable, Sendable {
  /// The cell.
  public var cell: Cell
  /// The class of machine, in a word.
  public var machine: String
  /// The sessions, at least two.
  public var points: [TrendPoint]

  /// States a series.
  public init(cell: Cell, machine: String, points: [TrendPoint]) {
    self.cell = cell
    self.machine = machine
    self.points = points
  }

  /// The sessions that differ measurably from the one before.
  public var steps: [TrendPoint] { points.filter { $0.sinceBefore?.isMeasurable == true } }
}

/// How a metric went over many sessions.
public struct Trend: Hashable, Codable, Sendable {
  /// The metric.
  public var definition: MetricDefinition
  /// One series for each cell and class of machine that was measured more than once.
  public var series: [TrendSeries]
  /// How many cells were measured in one session only, on their class of machine.
  public var single: Int
  /// Sentences about what not to rely on.
  public var warnings: [String]

  /// States a trend.
  public init(definition: MetricDefinition, series: [TrendSeries], single: Int, warnings: [String]) {
    self.definition = definition
    self.series = series
    self.single = single
    self.warnings = warnings
  }
}
