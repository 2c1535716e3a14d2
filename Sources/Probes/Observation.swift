import Model

/// Latencies of one call of the allocator, as counted in the workload.
public struct LatencyReading: Hashable, Sendable {
  /// How many calls took between `low` and `high` nanoseconds.
  public struct Bucket: Hashable, Sendable {
    /// Shortest, ns.
    public var low: UInt64
    /// Longest, ns.
    public var high: UInt64
    /// Calls.
    public var count: UInt64

    /// States a bucket.
    public init(low: UInt64, high: UInt64, count: UInt64) {
      self.low = low
      self.high = high
      self.count = count
    }
  }

  /// Buckets that hold something, from short to long.
  public var buckets: [Bucket]
  /// The longest call, ns, exactly.
  public var maximum: UInt64

  /// States latencies.
  public init(buckets: [Bucket], maximum: UInt64) {
    self.buckets = buckets
    self.maximum = maximum
  }
}

/// What the kernel charged to the program and all its descendants, whether anybody waited for them or not.
public struct ResourceUsage: Hashable, Sendable {
  /// CPU time by the scheduler's clock: exact, where every process of the tree was followed.
  public var cpu: Nanoseconds
  /// CPU time in user mode; its part of the whole is known by ticks.
  public var user: Nanoseconds
  /// CPU time in the kernel.
  public var system: Nanoseconds
  /// ru_maxrss: the largest resident set of any one process among them.
  public var maximumResident: Bytes
  /// Page faults without input or output.
  public var faultsMinor: UInt64
  /// Page faults that waited for a device.
  public var faultsMajor: UInt64
  /// Context switches because the program waited.
  public var switchesVoluntary: UInt64
  /// Context switches because the scheduler took the CPU away.
  public var switchesInvoluntary: UInt64

  /// States a usage.
  public init(
    user: Nanoseconds, system: Nanoseconds, maximumResident: Bytes, faultsMinor: UInt64, faultsMajor: UInt64,
    switchesVoluntary: UInt64, switchesInvoluntary: UInt64, cpu: Nanoseconds? = nil
  ) {
    self.cpu = cpu ?? Nanoseconds(user.count + system.count)
    self.user = user
    self.system = system
    self.maximumResident = maximumResident
    self.faultsMinor = faultsMinor
    self.faultsMajor = faultsMajor
    self.switchesVoluntary = switchesVoluntary
    self.switchesInvoluntary = switchesInvoluntary
  }
}

/// What the workload itself stated on the telemetry page.
public struct TelemetryReading: Hashable, Sendable {
  /// How the workload judged its own answer.
  public enum Verdict: UInt32, Sendable {
    /// It did not come to an end.
    case none = 0
    /// The right answer.
    case ok = 1
    /// A wrong answer or damaged contents.
    case wrongAnswer = 2
    /// malloc returned NULL.
    case outOfMemory = 3
  }

  /// Whether the program ever mapped the page.
  public var attached: Bool
  /// Its judgement.
  public var verdict: Verdict
  /// Why the verdict is not ok.
  public var message: String
  /// The object that holds malloc, as dladdr told; empty in static programs.
  public var mallocFile: String
  /// The object that holds free.
  public var freeFile: String
  /// Highest sum of live bytes; short by at most 32 KiB a thread.
  public var peakLive: Bytes
  /// The check sum.
  public var answer: UInt64
  /// Latencies of malloc, calloc, realloc, aligned_alloc; nil unless asked for.
  public var mallocLatency: LatencyReading?
  /// Latencies of free; nil unless asked for.
  public var freeLatency: LatencyReading?
  /// What one reading of the clock costs, ns: part of every latency.
  public var timerCost: UInt64
  /// The Go runtime's own view; nil for programs that are not written in Go.
  public var go: GoReading?

  /// States what stood on the page.
  public init(
    attached: Bool, verdict: Verdict, message: String, mallocFile: String, freeFile: String, peakLive: Bytes,
    answer: UInt64, mallocLatency: LatencyReading? = nil, freeLatency: LatencyReading? = nil,
    timerCost: UInt64 = 0, go: GoReading? = nil
  ) {
    self.attached = attached
    self.verdict = verdict
    self.message = message
    self.mallocFile = mallocFile
    self.freeFile = freeFile
    self.peakLive = peakLive
    self.answer = answer
    self.mallocLatency = mallocLatency
    self.freeLatency = freeLatency
    self.timerCost = timerCost
    self.go = go
  }
}

/// Everything that was seen of one execution. Metrics, outcome and identity are worked out from it alone.
public struct Observation: Sendable {
  /// Why the program was ended by the harness.
  public enum Ending: Hashable, Sendable {
    /// It was not.
    case none
    /// The time limit.
    case timeLimit
    /// The memory limit, with the resident size seen.
    case memoryLimit(Bytes)
    /// The user, or the end of the session.
    case interrupted
  }

  /// Why the program could not be executed; nil when it was.
  public var launchFailure: String?
  /// Status as wait4(2) gave it.
  public var status: Int32
  /// Why the harness ended it.
  public var ending: Ending
  /// Whether the kernel's OOM killer struck during the trial.
  public var kernelOOMKill: Bool
  /// Processes that outlived the program and were killed.
  public var leftovers: Int
  /// Processes that outlived the program and could not be killed: they belong to another user, or sleep uninterruptibly.
  public var survivors = 0
  /// From release to the end, wall time.
  public var elapsed: Nanoseconds
  /// When it was released to exec, CLOCK_MONOTONIC, ns: what the times of the curve count from.
  public var releasedAt: Int64 = 0
  /// What the kernel charged.
  public var usage: ResourceUsage
  /// VmHWM at the end; nil when it could not be read.
  public var residentHighWater: Bytes?
  /// Files mapped at the end, in the order of addresses; nil when they could not be read.
  public var mappedFiles: [String]?
  /// The curve.
  public var series: ResidentSeries
  /// Readings a second that were asked for.
  public var rateHz: Int
  /// The telemetry page; nil for a command.
  public var telemetry: TelemetryReading?
  /// What on the telemetry page cannot be; nil when all of it can. Nothing on the page is believed then, `telemetry` is nil.
  public var telemetryFault: String?
  /// The first and last bytes of standard error.
  public var standardError: String
  /// Size of the executable file.
  public var fileSize: Bytes?
  /// Whether SCHED_FIFO was granted to the sampler.
  public var samplerRealtime: Bool
  /// Events that were counted; nil when none was asked for.
  public var events: TrialEvents?
  /// The processes of the tree, the root first, in the order in which they began.
  public var processes: [ProcessSight] = []
  /// The highest sum over the processes that were there together, of PSS; nil for a single process or where it was not read.
  public var treePeak: Bytes?
  /// The most memory that was charged to the tree's control group at once, page cache and kernel memory included; nil
  /// where no memory controller can be used.
  public var chargedPeak: Bytes?
  /// CPU time of all members of the tree's control group (cgroup v2, cpu.stat); nil where there is none.
  public var chargedCPU: Nanoseconds?
  /// Whether every process of the tree was followed from its fork to its end. Otherwise short-lived ones may be missing.
  public var sawWholeTree = true
  /// The longest time in which the harness itself stood still (stopped, suspended) while the program should have run.
  public var harnessPause = Nanoseconds(0)
  /// A command's tree in its root's exit stop: resident bytes over all its processes, as `peak_resident` counts them;
  /// nil when nobody could look.
  public var endResident: Bytes?
  /// Stretches in which a command's tree did nothing, in order of time.
  public var pauses: [Pause] = []

  /// States an observation.
  public init(
    launchFailure: String? = nil, status: Int32, ending: Ending, kernelOOMKill: Bool, leftovers: Int,
    elapsed: Nanoseconds, usage: ResourceUsage, residentHighWater: Bytes?, mappedFiles: [String]?,
    series: ResidentSeries, rateHz: Int, telemetry: TelemetryReading?, standardError: String,
    fileSize: Bytes?, samplerRealtime: Bool, events: TrialEvents? = nil
  ) {
    self.launchFailure = launchFailure
    self.status = status
    self.ending = ending
    self.kernelOOMKill = kernelOOMKill
    self.leftovers = leftovers
    self.elapsed = elapsed
    self.usage = usage
    self.residentHighWater = residentHighWater
    self.mappedFiles = mappedFiles
    self.series = series
    self.rateHz = rateHz
    self.telemetry = telemetry
    self.standardError = standardError
    self.fileSize = fileSize
    self.samplerRealtime = samplerRealtime
    self.events = events
  }
}

extension Observation {
  /// All files that were seen mapped: the process's own, or those of every image of a command's tree.
  public var allMappedFiles: [String] {
    let ofImages = processes.flatMap(\.images).flatMap {
      [$0.evidence.path] + ($0.evidence.mappedFiles ?? [])
    }
    return Array(Set((mappedFiles ?? []) + ofImages)).sorted()
  }
}
