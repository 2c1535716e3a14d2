/// Something a profile would hold and does not, with what to do about it.
public struct Unavailability: Hashable, Codable, Sendable {
  /// What is missing, e.g. `loads and stores`.
  public var what: String
  /// Why.
  public var reason: String
  /// What would help; nil when nothing would.
  public var remedy: String?

  /// States what is missing.
  public init(what: String, reason: String, remedy: String? = nil) {
    self.what = what
    self.reason = reason
    self.remedy = remedy
  }
}

/// One event of one run, counted, or the reason why it is not.
public struct EventReading: Hashable, Codable, Sendable {
  /// What the event is.
  public var metric: MetricDefinition
  /// How many; nil when it was not counted.
  public var value: Double?
  /// Where the value comes from; nil without one.
  public var provenance: Provenance?
  /// Why there is no value.
  public var unavailable: String?

  /// States a reading.
  public init(metric: MetricDefinition, value: MetricValue) {
    self.metric = metric
    switch value {
    case .value(let number, let provenance):
      self.value = number
      self.provenance = provenance
    case .unavailable(let reason):
      unavailable = reason
    }
  }
}

/// Everything that one `heapscale profile` found out about one program.
public struct ProfileResult: Hashable, Codable, Sendable {
  /// What was profiled, e.g. `larson threads=1 on glibc/dynamic`.
  public var title: String
  /// The argument vector of the profiled program; empty for a process that was running already.
  public var command: [String]
  /// The workload or command, what it was built as or what was preloaded, and its settings; nil for a process that was
  /// running already.
  public var cell: Cell?
  /// Which allocator served malloc; nil when it could not be told.
  public var identity: Identity?
  /// When it began, in seconds since 1970.
  public var startedAt: Double
  /// Wall time of the sampled run.
  public var duration: Nanoseconds
  /// How the sampled run ended; nil for a process that goes on.
  public var outcome: Outcome?
  /// What explains the outcome.
  public var message: String?
  /// The host.
  public var host: [HostFact]
  /// The version of heapscale.
  public var version: String
  /// The command line, for reproducing.
  public var commandLine: [String]
  /// Counted events.
  public var events: [EventReading]
  /// Resident bytes by call site; nil when page faults could not be sampled.
  public var growth: StackProfile?
  /// Loads and stores by call site, where there is a PMU that samples them.
  public var accesses: StackProfile?
  /// Where they were served.
  public var memory: MemoryAccesses?
  /// Heap profiles that the program wrote, one for each file.
  public var heaps: [StackProfile]
  /// Loads and stores in a simulated machine.
  public var simulated: SimulatedEvents?
  /// What is missing.
  public var unavailable: [Unavailability]
  /// Doubts and hints, in sentences.
  public var notes: [String]

  /// Begins a result in which nothing was found yet.
  public init(
    title: String, command: [String], cell: Cell?, startedAt: Double, host: [HostFact], version: String,
    commandLine: [String]
  ) {
    self.title = title
    self.command = command
    self.cell = cell
    self.startedAt = startedAt
    self.host = host
    self.version = version
    self.commandLine = commandLine
    duration = Nanoseconds(0)
    events = []
    heaps = []
    unavailable = []
    notes = []
  }
}
