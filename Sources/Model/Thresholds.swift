/// What is said differently from the standard threshold, and for which cells and metrics.
///
/// A nil filter matches everything, a nil value leaves what stands.
public struct ThresholdRule: Hashable, Codable, Sendable {
  /// A workload's id, or the name of an arm.
  public var workload: String?
  /// The variant.
  public var variant: Variant?
  /// The name of a settings set.
  public var settings: String?
  /// The metric.
  public var metric: MetricID?
  /// The relative change that is tolerated: 0.02 is 2 %.
  public var relative: Double?
  /// The change in the metric's unit that is tolerated.
  public var absolute: Double?
  /// Which way is better.
  public var better: Direction?
  /// Whether a regression fails a check.
  public var gates: Bool?
  /// How values are compared.
  public var lane: Lane?

  /// States a rule.
  public init(
    workload: String? = nil, variant: Variant? = nil, settings: String? = nil, metric: MetricID? = nil,
    relative: Double? = nil, absolute: Double? = nil, better: Direction? = nil, gates: Bool? = nil,
    lane: Lane? = nil
  ) {
    self.workload = workload
    self.variant = variant
    self.settings = settings
    self.metric = metric
    self.relative = relative
    self.absolute = absolute
    self.better = better
    self.gates = gates
    self.lane = lane
  }

  /// Whether it speaks of a metric of a cell.
  public func matches(_ metric: MetricID, of cell: Cell) -> Bool {
    (workload.map { $0 == cell.subject.workload || $0 == cell.subject.arm } ?? true)
      && (variant.map { $0 == cell.variant } ?? true)
      && (settings.map { $0 == cell.settings.name } ?? true)
      && (self.metric.map { $0 == metric } ?? true)
  }
}

/// The thresholds of a comparison: the standard of every metric, and rules that change it.
public struct Thresholds: Hashable, Codable, Sendable {
  /// Rules in the order written; where several match, the later one has the last word.
  public var rules: [ThresholdRule]

  /// States thresholds.
  public init(rules: [ThresholdRule] = []) { self.rules = rules }

  /// No rules: the standard of every metric.
  public static let standard = Thresholds()

  /// The threshold for a metric of the cell that is judged.
  public func threshold(for metric: MetricDefinition, of cell: Cell) -> Threshold {
    var threshold = Threshold.standard(for: metric)
    for rule in rules where rule.matches(metric.id, of: cell) {
      threshold.relative = rule.relative ?? threshold.relative
      threshold.absolute = rule.absolute ?? threshold.absolute
      threshold.better = rule.better ?? threshold.better
      threshold.gates = rule.gates ?? threshold.gates
      threshold.lane = rule.lane ?? threshold.lane
    }
    return threshold
  }
}
