/// What the measured trials of one cell gave: the raw values, small enough to keep and to commit.
public struct MeasuredCell: Hashable, Codable, Sendable {
  /// What one trial gave for one metric.
  public struct Reading: Hashable, Codable, Sendable {
    /// The block of the trial.
    public var block: Int
    /// The value in the metric's unit.
    public var value: Double

    /// States a reading.
    public init(block: Int, value: Double) {
      self.block = block
      self.value = value
    }
  }

  /// The cell.
  public var cell: Cell
  /// Readings by metric, at most one a block, in order of blocks; metrics without any are left out.
  public var readings: [MetricID: [Reading]]
  /// Measured trials of any outcome.
  public var trials: Int
  /// Those of them that did not end `ok` and give no readings.
  public var failures: Int
  /// Whether it was proven in every `ok` trial that the variant's allocator served malloc.
  public var isProven: Bool
  /// What served malloc in a command that ran as it is, where that is not its C library's own.
  public var allocator: AllocatorID?
  /// Why it is not proven, in a sentence; nil when it is, or when nobody can say.
  public var doubt: String?

  /// Whether its figures bear the right name, so that they may be compared: of a command as it is nothing is claimed.
  public var isComparable: Bool { isProven || cell.isAsItIs || readings.isEmpty }

  /// States what was measured.
  public init(
    cell: Cell, readings: [MetricID: [Reading]], trials: Int, failures: Int = 0, isProven: Bool = true,
    allocator: AllocatorID? = nil, doubt: String? = nil
  ) {
    self.cell = cell
    self.readings = readings
    self.trials = trials
    self.failures = failures
    self.isProven = isProven
    self.allocator = allocator
    self.doubt = doubt
  }

  /// Read with metrics by name and values by block.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    cell = try values.decode(Cell.self, forKey: .cell)
    let named = try values.decode([String: [String: Double]].self, forKey: .readings)
    readings = [:]
    for (metric, byBlock) in named {
      readings[MetricID(metric)] = byBlock.compactMap { block, value in
        Int(block).map { Reading(block: $0, value: value) }
      }.sorted { $0.block < $1.block }
    }
    trials = try values.decode(Int.self, forKey: .trials)
    failures = try values.decode(Int.self, forKey: .failures)
    isProven = try values.decode(Bool.self, forKey: .isProven)
    allocator = try values.decodeIfPresent(AllocatorID.self, forKey: .allocator)
    doubt = try values.decodeIfPresent(String.self, forKey: .doubt)
  }

  /// Stored with metrics by name and values by block, one line each in a file that a team commits.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(cell, forKey: .cell)
    let named = readings.map { metric, readings in
      (
        metric.rawValue,
        Dictionary(readings.map { ("\($0.block)", $0.value) }, uniquingKeysWith: { first, _ in first })
      )
    }
    try values.encode(Dictionary(uniqueKeysWithValues: named), forKey: .readings)
    try values.encode(trials, forKey: .trials)
    try values.encode(failures, forKey: .failures)
    try values.encode(isProven, forKey: .isProven)
    try values.encodeIfPresent(allocator, forKey: .allocator)
    try values.encodeIfPresent(doubt, forKey: .doubt)
  }

  private enum CodingKeys: CodingKey { case cell, readings, trials, failures, isProven, allocator, doubt }
}

/// What was measured on one host and can be compared: of a session, or of a stored baseline.
public struct Measurements: Hashable, Codable, Sendable {
  /// The cells, in the order of the plan.
  public var cells: [MeasuredCell]
  /// What the metrics are.
  public var definitions: [MetricDefinition]
  /// Sentences about what disturbed the machine.
  public var noise: [String]

  /// Puts measurements together.
  public init(cells: [MeasuredCell], definitions: [MetricDefinition], noise: [String] = []) {
    self.cells = cells
    self.definitions = definitions
    self.noise = noise
  }
}
