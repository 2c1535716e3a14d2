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

  /// States what was measured.
  public init(
    cell: Cell, readings: [MetricID: [Reading]], trials: Int, failures: Int = 0, isProven: Bool = true
  ) {
    self.cell = cell
    self.readings = readings
    self.trials = trials
    self.failures = failures
    self.isProven = isProven
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
  }

  private enum CodingKeys: CodingKey { case cell, readings, trials, failures, isProven }
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
