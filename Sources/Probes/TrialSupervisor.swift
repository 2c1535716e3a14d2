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
    let killsBefore = KernelCounters.outOfMemoryKills()
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
      inspect: inspector.inspect, patience: HelperPatience(timeLimit: spec.timeLimit))
    do {
      try watch.untilEnd()
    } catch {
      self.helper = nil
      throw watch.abandoned(because: error)
    }
    let struck = watch.wasKilled && (KernelCounters.outOfMemoryKills() ?? 0) > (killsBefore ?? 0)
    return watch.observation(
      rateHz: sampling.rateHz, kernelOOMKill: struck, fileSize: fileSize, realtime: realtime ?? false)
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
    let request = try spec.memfd()
    var descriptors = [request.rawValue, null.rawValue]
    descriptors += [keepsOutput ? standardError.rawValue : null.rawValue, standardError.rawValue]
    if let page { descriptors += [page.memfd.rawValue, page.notify.rawValue] }
    try helper.send(HS_LAUNCH_START, descriptors: descriptors)
  }
}

/// Counters of the whole machine.
enum KernelCounters {
  /// `oom_kill` of /proc/vmstat: processes that the kernel killed for want of memory.
  static func outOfMemoryKills() -> Int64? {
    ProcText.bytes("/proc/vmstat").flatMap { ProcText.count("oom_kill", in: $0) }
  }
}
