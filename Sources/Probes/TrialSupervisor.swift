import CLinux
import Glibc
import Model

/// Launches programs one at a time and watches each until nothing of it is left.
///
/// One dedicated thread owns a supervisor: it blocks in poll, reads the curve at its deadlines, answers the
/// workload's marks and empties standard error, all in one loop.
public final class TrialSupervisor {
  private let helperPath: String
  private let interrupt: Int32
  private var helper: LaunchHelper?
  private var realtime: Bool?
  private let null: OwnedDescriptor
  private let inspector = ImageInspector()
  private let group = TrialGroup()
  private let kills = KernelCounters()
  /// How long the last trial of each command took.
  private var durations: [[String]: Nanoseconds] = [:]
  /// Moving a process into v1's memory group takes a millisecond and more: shorter trials than these are spared it.
  private static let worthMoving = Nanoseconds(50_000_000)

  /// Prepares a supervisor. `interrupt` is a descriptor that becomes readable when the user wants to stop;
  /// -1 for none.
  public init(helperPath: String, interrupt: Int32 = -1) throws(ProbeError) {
    self.helperPath = helperPath
    self.interrupt = interrupt
    null = try OwnedDescriptor.open("/dev/null", O_RDWR)
  }

  /// Runs one program to its end and tells what was seen.
  ///
  /// Of standard error, with `keepsOutput` of standard output as well, the first and last `errorBytes` are kept. `atExit` gets the process while it waits in its
  /// exit stop, with all its memory still there; `observers` are attached before its exec; `tap` gets every reading of the curve. Throws: `ProbeError` when the harness itself fails; whatever the program does is in the observation.
  public func run(
    _ spec: LaunchSpec, sampling: Sampling, memoryLimit: Bytes? = nil, fileSize: Bytes? = nil,
    errorBytes: Int = 4096, keepsOutput: Bool = false, observers: [any TrialObserver] = [],
    atExit: ((Int32) -> Void)? = nil, tap: CurveTap? = nil
  ) throws(ProbeError) -> Observation {
    if realtime == nil { realtime = hs_request_realtime() == 0 }
    let helper = try runningHelper()
    let page =
      spec.hasTelemetry ? try TelemetryPage(hold: !spec.withoutStops, latency: sampling.latency) : nil
    let errors = try OwnedDescriptor.pipe()
    let killsBefore = kills.before(now: MonotonicClock.now)
    if page == nil {
      group.begin(withMemory: durations[spec.arguments].map { $0 >= TrialSupervisor.worthMoving } ?? true)
    }
    do {
      try start(spec, helper: helper, page: page, standardError: errors.write, keepsOutput: keepsOutput)
    } catch {
      self.helper = nil
      throw error
    }
    var watch = TrialWatch(
      helper: helper, page: page, standardError: errors.read, interrupt: interrupt,
      sampler: CurveSampler(rateHz: sampling.rateHz, timeLimit: spec.timeLimit), memoryLimit: memoryLimit,
      errors: StandardErrorTail(limit: errorBytes), observers: observers, atExit: atExit, tap: tap,
      inspect: inspector.inspect, patience: HelperPatience(timeLimit: spec.timeLimit),
      group: page == nil ? group : nil)
    do {
      try watch.untilEnd()
    } catch {
      self.helper = nil
      throw watch.abandoned(because: error)
    }
    let struck = watch.wasKilled && (KernelCounters.outOfMemoryKills() ?? 0) > (killsBefore ?? 0)
    let seen = watch.observation(
      rateHz: sampling.rateHz, kernelOOMKill: struck, fileSize: fileSize, realtime: realtime ?? false)
    if page == nil { durations[spec.arguments] = seen.elapsed }
    return seen
  }

  private func runningHelper() throws(ProbeError) -> LaunchHelper {
    // One that was killed between two trials had nothing to lose.
    if let helper, helper.isReady { return helper }
    let started = try LaunchHelper(path: helperPath)
    helper = started
    return started
  }

  /// Sends START; afterwards only the helper holds the writing end of standard error.
  private func start(
    _ spec: LaunchSpec, helper: LaunchHelper, page: TelemetryPage?, standardError: consuming OwnedDescriptor,
    keepsOutput: Bool
  ) throws(ProbeError) {
    var spec = spec
    if page != nil {
      spec.environment["HEAPSCALE_TELEMETRY_FD"] = "3"
      spec.environment["HEAPSCALE_NOTIFY_FD"] = "4"
    }
    let birthplace = page == nil ? group.birthplace : nil
    let request = try spec.memfd(isBornIntoGroup: birthplace != nil)
    var descriptors = [request.rawValue, null.rawValue]
    descriptors += [keepsOutput ? standardError.rawValue : null.rawValue, standardError.rawValue]
    if let page { descriptors += [page.memfd.rawValue, page.notify.rawValue] }
    if let birthplace { descriptors.append(birthplace) }
    try helper.send(HS_LAUNCH_START, descriptors: descriptors)
  }
}

/// Counters of the whole machine.
private final class KernelCounters {
  private var last: (time: Nanoseconds64, kills: Int64?)?
  /// The kernel adds up a thousand counters for each reading: a trial that begins soon after the last reading has that one.
  /// Only when it is killed, and not by us, could a kill within this time be taken for its own.
  private static let validity: Nanoseconds64 = 100_000_000

  /// What was counted before a trial.
  func before(now: Nanoseconds64) -> Int64? {
    if let last, now - last.time < KernelCounters.validity { return last.kills }
    let kills = KernelCounters.outOfMemoryKills()
    last = (now, kills)
    return kills
  }

  /// `oom_kill` of /proc/vmstat: processes that the kernel killed for want of memory.
  static func outOfMemoryKills() -> Int64? {
    ProcText.bytes("/proc/vmstat").flatMap { ProcText.count("oom_kill", in: $0) }
  }
}
