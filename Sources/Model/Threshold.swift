/// How much a metric may change before it is called a regression or an improvement, and whether that matters.
public struct Threshold: Hashable, Codable, Sendable {
  /// The relative change that is tolerated (δ): 0.02 is 2 %, or the factor 1.02 either way.
  public var relative: Double
  /// The change in the metric's unit that is tolerated whatever share it is; nil when none is.
  public var absolute: Double?
  /// Which way the metric gets better.
  public var better: Direction
  /// Whether a regression fails a check; otherwise it only informs.
  public var gates: Bool
  /// How values are compared, as long as they allow it: repeats that differ are never compared exactly.
  public var lane: Lane

  /// States a threshold.
  public init(
    relative: Double, absolute: Double? = nil, better: Direction = .lower, gates: Bool = false,
    lane: Lane = .sampled
  ) {
    self.relative = relative
    self.absolute = absolute
    self.better = better
    self.gates = gates
    self.lane = lane
  }
}

extension Threshold {
  /// What holds for a metric unless somebody says otherwise.
  ///
  /// It goes by the unit, so that a new metric needs no line here, with a few exceptions by name. What gates is
  /// what repeats well and is worth failing for: peak and retained resident, CPU time and deterministic
  /// counts. Wall time and latencies inform, because other programs disturb them most.
  public static func standard(for metric: MetricDefinition) -> Threshold {
    var threshold = byUnit(metric.unit)
    threshold.better = metric.better
    adjust(&threshold, for: metric.id)
    return threshold
  }

  /// Resident memory below this is a matter of pages and thread stacks, not of the allocator.
  private static let residentFloor = Double(Bytes.kibibytes(256).count)

  private static func byUnit(_ unit: MetricUnit) -> Threshold {
    switch unit {
    case .bytes: Threshold(relative: 0.02, absolute: residentFloor)
    case .seconds, .perSecond: Threshold(relative: 0.05)
    case .nanoseconds: Threshold(relative: 0.10)
    case .count: Threshold(relative: 0.005, gates: true, lane: .exact)
    case .ratio: Threshold(relative: 0.02)
    }
  }

  private static func adjust(_ threshold: inout Threshold, for metric: MetricID) {
    switch metric {
    case "peak_resident", "retained_resident": threshold.gates = true
    case "cpu":
      threshold.relative = 0.03
      threshold.gates = true
    case "cpu_user", "cpu_system", "time_per_op": threshold.relative = 0.03
    case "residence_half_life": threshold.relative = 0.10
    case "peak_live", "file_size":
      threshold = Threshold(relative: 0.005, better: threshold.better, lane: .exact)
    // Layout is randomised, which moves a few faults; resident memory gates already.
    case "faults_minor", "faults_user": threshold.gates = false
    // The scheduler, the page cache and the time between collections decide these.
    case "faults_major", "switches_voluntary", "switches_involuntary", "go_gc_cycles":
      threshold = Threshold(relative: 0.10, absolute: 10, better: threshold.better)
    case "cpu_migrations": threshold = Threshold(relative: 0.10, absolute: 10, better: threshold.better)
    // A processor's counters repeat to some percent, and CPU time gates what they explain.
    case "cycles", "instructions", "loads", "stores", "loads_per_operation", "stores_per_operation":
      threshold = Threshold(relative: 0.03, better: threshold.better)
    case "l1d_misses", "llc_misses", "dtlb_misses", "branch_misses":
      threshold = Threshold(relative: 0.10, better: threshold.better)
    // Threads race for the first allocation of an arena.
    case "mmap_calls", "munmap_calls", "brk_calls", "madvise_calls":
      threshold = Threshold(relative: 0.05, absolute: 2, better: threshold.better)
    default: break
    }
  }
}
