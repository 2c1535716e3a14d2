/// What the trials of a cell say together about a metric.
public struct Summary: Hashable, Sendable {
  /// Median of the values.
  public var median: Double
  /// Lower end of the 95 % interval of the median; nil while there are too few values.
  public var low: Double?
  /// Upper end of the interval.
  public var high: Double?
  /// Doubt that travels with the value, e.g. `needs 6 trials for a 95 % interval`.
  public var note: String?

  /// States a summary.
  public init(median: Double, low: Double?, high: Double?, note: String?) {
    self.median = median
    self.low = low
    self.high = high
    self.note = note
  }
}

/// How much a metric differs between two cells, from their trials paired by block.
public struct Effect: Hashable, Codable, Sendable {
  /// The relative change: 0.05 is 5 % more than the cell compared with.
  public var change: Double
  /// Lower end of its 95 % interval; nil while there are too few pairs.
  public var low: Double?
  /// Upper end of the interval.
  public var high: Double?
  /// How many blocks have both values.
  public var pairs: Int
  /// Doubt that travels with it, e.g. `needs 6 pairs for a 95 % interval`.
  public var note: String?

  /// States an effect.
  public init(change: Double, low: Double?, high: Double?, pairs: Int, note: String? = nil) {
    self.change = change
    self.low = low
    self.high = high
    self.pairs = pairs
    self.note = note
  }

  /// Whether the interval lies on one side of no change; nil while there is none.
  public var isMeasurable: Bool? {
    guard let low, let high else { return nil }
    return low > 0 || high < 0
  }
}

/// One metric of one cell: values, summary and comparison, or the reason why there is none.
public struct MetricResult: Hashable, Sendable {
  /// What the metric is.
  public var definition: MetricDefinition
  /// Values of the measured trials that ended `ok`, in order of blocks.
  public var values: [Double]
  /// Where the values come from; nil when there is none.
  public var provenance: Provenance?
  /// What they say together; nil when there is none.
  public var summary: Summary?
  /// Why there is no value.
  public var unavailable: String?
  /// Median divided by the median of the reference cell of the same subject (`RatioReference` says with which
  /// settings); nil without both.
  public var ratioToReference: Double?
  /// Whether no verified cell of the same subject has a better median; false where all tie or it is alone.
  public var isBest: Bool
  /// The change against the same subject and variant without settings; nil for the default itself.
  public var settingsEffect: Effect?

  /// Whether the median is below what the instrument resolves: shown as `< 0.5 MiB`, and compared with nothing.
  public var isBelowResolution: Bool { summary.map { definition.isBelowResolution($0.median) } ?? false }

  /// States a result.
  public init(
    definition: MetricDefinition, values: [Double], provenance: Provenance?, summary: Summary?,
    unavailable: String?, ratioToReference: Double?, isBest: Bool, settingsEffect: Effect? = nil
  ) {
    self.definition = definition
    self.values = values
    self.provenance = provenance
    self.summary = summary
    self.unavailable = unavailable
    self.ratioToReference = ratioToReference
    self.isBest = isBest
    self.settingsEffect = settingsEffect
  }
}

/// One cell with everything its measured trials say.
public struct CellResult: Hashable, Sendable {
  /// The cell.
  public var cell: Cell
  /// Proof of what ran: verified only when it was in every trial.
  public var identity: Identity
  /// Trials by outcome, in the order of first appearance.
  public var outcomes: [OutcomeCount]
  /// What the trials said that were not `ok`, or that were odd, each once.
  public var messages: [String]
  /// Metrics in the order of the registry.
  public var metrics: [MetricResult]
  /// What became of its settings; empty for the default.
  public var audit: [SettingAudit]
  /// The processes of the trial that stands for the cell; nil where none was looked at.
  public var processes: CellProcesses?
  /// Why it was left out of the measuring; nil for cells that take part.
  public var leftOut: String?

  /// States a cell's result.
  public init(
    cell: Cell, identity: Identity, outcomes: [OutcomeCount], messages: [String], metrics: [MetricResult],
    audit: [SettingAudit] = [], leftOut: String? = nil
  ) {
    self.cell = cell
    self.identity = identity
    self.outcomes = outcomes
    self.messages = messages
    self.metrics = metrics
    self.audit = audit
    self.leftOut = leftOut
  }

  /// The result of one metric.
  public func metric(_ id: MetricID) -> MetricResult? { metrics.first { $0.definition.id == id } }
}

/// The processes of the trial that stands for a cell: the one whose peak is the median of the cell's.
public struct CellProcesses: Hashable, Sendable {
  /// The block of the trial.
  public var block: Int
  /// Its processes.
  public var table: ProcessTable

  /// States whose processes they are.
  public init(block: Int, table: ProcessTable) {
    self.block = block
    self.table = table
  }
}

/// How many trials ended in one way.
public struct OutcomeCount: Hashable, Sendable {
  /// The way.
  public var outcome: Outcome
  /// How many.
  public var count: Int

  /// States a count.
  public init(outcome: Outcome, count: Int) {
    self.outcome = outcome
    self.count = count
  }
}

/// A session with the results of its cells: what every report is made from.
public struct SessionResult: Hashable, Sendable {
  /// The session.
  public var session: Session
  /// Cells in the order of the plan.
  public var cells: [CellResult]
  /// Sentences about the whole: noise, trials missing, what was skipped.
  public var notes: [String]

  /// States a session's result.
  public init(session: Session, cells: [CellResult], notes: [String]) {
    self.session = session
    self.cells = cells
    self.notes = notes
  }
}
