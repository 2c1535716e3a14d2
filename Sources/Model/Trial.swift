/// How a trial ended.
public enum Outcome: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Exit code 0, and the right answer where the workload has one.
  case ok
  /// The workload found damaged contents, or its answer is not the expected one.
  case wrongAnswer
  /// What the workload stated about itself cannot be; the figures of its process stay.
  case implausibleTelemetry
  /// An exit code other than 0.
  case exit(Int32)
  /// Ended by a signal.
  case signal(Int32)
  /// Killed at the time limit.
  case timeOut
  /// Killed above the memory limit or by the kernel's OOM killer, or malloc returned NULL.
  case outOfMemory
  /// The allocator that was to be preloaded is not in the process.
  case preloadFailed
  /// The program could not be started at all.
  case launchFailed

  /// The written form, as in the store: `ok`, `exit-3`, `signal-11`, `time-out`, …
  public var description: String {
    switch self {
    case .ok: "ok"
    case .wrongAnswer: "wrong-answer"
    case .implausibleTelemetry: "implausible-telemetry"
    case .exit(let code): "exit-\(code)"
    case .signal(let number): "signal-\(number)"
    case .timeOut: "time-out"
    case .outOfMemory: "out-of-memory"
    case .preloadFailed: "preload-failed"
    case .launchFailed: "launch-failed"
    }
  }

  /// Reads the written form.
  public init?(_ text: String) {
    switch text {
    case "ok": self = .ok
    case "wrong-answer": self = .wrongAnswer
    case "implausible-telemetry": self = .implausibleTelemetry
    case "time-out": self = .timeOut
    case "out-of-memory": self = .outOfMemory
    case "preload-failed": self = .preloadFailed
    case "launch-failed": self = .launchFailed
    default:
      if text.hasPrefix("exit-"), let code = Int32(text.dropFirst(5)) {
        self = .exit(code)
      } else if text.hasPrefix("signal-"), let number = Int32(text.dropFirst(7)) {
        self = .signal(number)
      } else {
        return nil
      }
    }
  }

  /// Read from the written form.
  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    guard let outcome = Outcome(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no outcome: \(text)"))
    }
    self = outcome
  }

  /// Stored in the written form.
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

/// Which allocator served malloc, and how that is known.
public struct Identity: Hashable, Codable, Sendable {
  /// The allocator that was found; nil when the evidence names none.
  public var allocator: AllocatorID?
  /// What was seen, one observation a line.
  public var evidence: [String]
  /// Whether the evidence proves that the allocator is the one the variant names.
  public var verified: Bool

  /// States what was found.
  public init(allocator: AllocatorID?, evidence: [String], verified: Bool) {
    self.allocator = allocator
    self.evidence = evidence
    self.verified = verified
  }

  /// Nothing known.
  public static let unknown = Identity(allocator: nil, evidence: [], verified: false)
}

/// Resident and live bytes over time, with the phases, of one trial.
public struct ResidentSeries: Hashable, Codable, Sendable {
  /// One reading.
  public struct Sample: Hashable, Codable, Sendable {
    /// Since the program was released to exec.
    public var time: Nanoseconds
    /// Resident set of the process (statm).
    public var resident: Bytes
    /// Asked for and not freed; nil where the program has no telemetry page.
    public var live: Bytes?

    /// States one reading.
    public init(time: Nanoseconds, resident: Bytes, live: Bytes?) {
      self.time = time
      self.resident = resident
      self.live = live
    }
  }

  /// The moment a phase began, and what was exactly resident then (smaps_rollup).
  public struct Mark: Hashable, Codable, Sendable {
    /// The phase that begins: `warmup`, `steady`, `drain`, `idle` or `done`.
    public var phase: String
    /// When the phase before ended, since release.
    public var ended: Nanoseconds
    /// When the new phase began, after the harness had read what it wanted.
    public var began: Nanoseconds
    /// Process CPU time when the phase before ended.
    public var cpuEnded: Nanoseconds
    /// Process CPU time when the new phase began.
    public var cpuBegan: Nanoseconds
    /// Operations up to here.
    public var operations: UInt64
    /// Live bytes at this moment.
    public var live: Bytes
    /// Resident (Rss of smaps_rollup) at this moment; nil when it could not be read.
    public var resident: Bytes?
    /// Anonymous part of it.
    public var anonymous: Bytes?
    /// Part of it that was freed with MADV_FREE and that the kernel may take (LazyFree).
    public var lazyFree: Bytes?

    /// States a mark.
    public init(
      phase: String, ended: Nanoseconds, began: Nanoseconds, cpuEnded: Nanoseconds, cpuBegan: Nanoseconds,
      operations: UInt64, live: Bytes, resident: Bytes?, anonymous: Bytes?, lazyFree: Bytes?
    ) {
      self.phase = phase
      self.ended = ended
      self.began = began
      self.cpuEnded = cpuEnded
      self.cpuBegan = cpuBegan
      self.operations = operations
      self.live = live
      self.resident = resident
      self.anonymous = anonymous
      self.lazyFree = lazyFree
    }
  }

  /// What the processes that ran one command hold of the curve.
  public struct Part: Hashable, Codable, Sendable {
    /// The program's name as tables show it, `nginx` or `nginx: worker`; nil for all commands that have no part of
    /// their own, which come last.
    public var command: String?
    /// Their resident bytes at each of the series' samples, in the same order: as many as there are samples, 0 where
    /// no such process was there. Over all parts they add up to the samples' `resident`.
    public var resident: [Bytes]

    /// States a part.
    public init(command: String?, resident: [Bytes]) {
      self.command = command
      self.resident = resident
    }
  }

  /// Readings in order of time.
  public var samples: [Sample]
  /// Phase changes in order of time; empty for a command.
  public var marks: [Mark]
  /// Readings that were due and did not happen in time. They are counted, never interpolated.
  public var missedTicks: Int
  /// The curve of a tree by command, the largest first (see `CommandCurves`); nil where one process is all there is.
  public var parts: [Part]?

  /// States a series.
  public init(samples: [Sample], marks: [Mark], missedTicks: Int, parts: [Part]? = nil) {
    self.samples = samples
    self.marks = marks
    self.missedTicks = missedTicks
    self.parts = parts
  }
}

/// One execution of one cell in a fresh process, as it is stored.
public struct Trial: Hashable, Sendable {
  /// Which cell (`Cell.key`).
  public var cellKey: String
  /// The block it belongs to; below 0 for warm-up blocks.
  public var block: Int
  /// Its place within the block, from 0.
  public var position: Int
  /// When it started, in seconds since 1970.
  public var startedAt: Double
  /// How it ended.
  public var outcome: Outcome
  /// One line that explains the outcome when it is not `ok`, or notes something odd.
  public var message: String?
  /// The last lines of standard error.
  public var stderrTail: String
  /// What each metric says.
  public var values: [MetricID: MetricValue]
  /// The curve; nil when sampling is off.
  public var series: ResidentSeries?
  /// Which allocator served malloc in this very process.
  public var identity: Identity
  /// What disturbed the machine: load average, time the sampler was late, …
  public var conditions: [String: String]
  /// The processes of the tree, the root first; empty for workloads of ours, which are one process.
  public var processes: [ProcessRecord] = []
  /// Of a large tree those that are kept in sum only (`ProcessTable.compacted`).
  public var otherProcesses: [ProcessKind] = []

  /// States a trial.
  public init(
    cellKey: String, block: Int, position: Int, startedAt: Double, outcome: Outcome, message: String?,
    stderrTail: String, values: [MetricID: MetricValue], series: ResidentSeries?, identity: Identity,
    conditions: [String: String]
  ) {
    self.cellKey = cellKey
    self.block = block
    self.position = position
    self.startedAt = startedAt
    self.outcome = outcome
    self.message = message
    self.stderrTail = stderrTail
    self.values = values
    self.series = series
    self.identity = identity
    self.conditions = conditions
  }
}
