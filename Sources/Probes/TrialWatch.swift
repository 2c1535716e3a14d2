import CLinux
import Glibc
import Model

/// The watching of one trial, from START to the last event.
struct TrialWatch {
  private let helper: LaunchHelper
  private let page: TelemetryPage?
  private let standardError: OwnedDescriptor
  private let interrupt: Int32
  private let memoryLimit: Bytes?
  private let errors: StandardErrorTail
  private let observers: [any TrialObserver]
  private let atExit: ((Int32) -> Void)?
  private let tap: CurveTap?
  private var errorsOpen = true
  private var sampler: CurveSampler
  private let inspect: (Int32) -> ImageEvidence
  private var tree: MeasuredTree?
  /// Whether the launcher follows every process; otherwise children are looked for under /proc.
  private var isTraced = false
  private var hearsOfForks = false
  private var nextLook: Nanoseconds64 = 0
  private var strangers = 0
  /// When the harness meant to be awake again at the latest.
  private var wakes: Nanoseconds64?
  private var harnessPause: Nanoseconds64 = 0
  private var running = false
  private var ending = Observation.Ending.none
  private var launchFailure: String?
  private var exactMarks: [ExactMark] = []
  private var highWater: Bytes?
  private var mappedFiles: [String]?
  /// Of a command's tree; nil for a workload, which has no other process.
  private let group: TrialGroup?
  private var charged = TrialGroup.Reading()
  /// Live bytes that cannot be, as a workload stated them.
  private var impossibleLive: Int64?
  private var end: hs_launch_event?
  private var patience: HelperPatience
  /// Whether the one that told of the helper's loss has ended all that it ran.
  private var isLossComplete = false
  /// Without the connector, processes that no traced thread forked are looked for so often.
  private static let lookPeriod: Nanoseconds64 = 50_000_000
  /// Without a curve, the harness wakes so often to see whether it has stood still.
  private static let longestWait: Nanoseconds64 = 1_000_000_000

  /// What the kernel said exactly while the workload waited at a mark.
  private struct ExactMark {
    var resident: Bytes?
    var anonymous: Bytes?
    var lazyFree: Bytes?
  }

  init(
    helper: LaunchHelper, page: TelemetryPage?, standardError: OwnedDescriptor, interrupt: Int32,
    sampler: CurveSampler, memoryLimit: Bytes?, errors: StandardErrorTail, observers: [any TrialObserver],
    atExit: ((Int32) -> Void)?, tap: CurveTap?, inspect: @escaping (Int32) -> ImageEvidence,
    patience: HelperPatience, group: TrialGroup?
  ) {
    self.group = group
    self.patience = patience
    self.inspect = inspect
    self.helper = helper
    self.page = page
    self.standardError = standardError
    self.interrupt = interrupt
    self.sampler = sampler
    self.memoryLimit = memoryLimit
    self.errors = errors
    self.observers = observers
    self.atExit = atExit
    self.tap = tap
  }

  /// Whether the program was ended by SIGKILL and not by us.
  var wasKilled: Bool {
    guard let end, end.timed_out == 0, end.killed == 0 else { return false }
    return end.status & 0x7f == SIGKILL
  }

  /// Blocks until the program and all its descendants are gone.
  mutating func untilEnd() throws(ProbeError) {
    while end == nil {
      try waitForSomething()
      var hasAnswered = false
      while end == nil, let event = try helper.receive() {
        try handle(event)
        hasAnswered = true
      }
      guard end == nil else { break }
      guard !patience.isExhausted(now: MonotonicClock.now, hasAnswered: hasAnswered) else {
        throw .helperGone("it does not answer")
      }
      if errorsOpen { errorsOpen = errors.drain(standardError.rawValue) }
      for observer in observers { observer.drain() }
      try answerMarks()
      try sampleIfDue()
      try obeyInterrupt()
    }
    for observer in observers { observer.drain() }
    takeUnheldMarks()
    while errorsOpen && errors.total < 1 << 30 {
      let before = errors.total
      errorsOpen = errors.drain(standardError.rawValue, chunks: 1)
      if errors.total == before { break }  // a killed grandchild may not have closed its end yet
    }
  }

  private mutating func waitForSomething() throws(ProbeError) {
    var polled = [
      pollfd(fd: helper.socket.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errorsOpen ? standardError.rawValue : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: page?.notify.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: ending == .none ? interrupt : -1, events: Int16(POLLIN), revents: 0),
    ]
    polled += observers.flatMap(\.descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let now = MonotonicClock.now
    if let wakes { harnessPause = max(harnessPause, now - wakes) }
    let wait = min(nextReading(now: now).map { max(0, $0 - now) } ?? .max, TrialWatch.longestWait)
    wakes = now + wait
    let result = hs_poll(&polled, UInt32(polled.count), wait)
    harnessPause = max(harnessPause, MonotonicClock.now - now - wait)
    if result < 0 && result != -EINTR {
      throw .system(call: "ppoll", subject: "launch helper", errno: -result)
    }
  }

  private mutating func killTree() throws(ProbeError) {
    patience.killed(now: MonotonicClock.now)
    try helper.send(HS_LAUNCH_KILL)
  }

  /// Ends what runs when the trial cannot be watched any further. The error then says what could not be ended.
  func abandoned(because error: ProbeError) -> ProbeError {
    group?.kill()
    let ending = helper.close()
    _ = group?.end(isEmpty: false)
    guard case .helperGone(let detail, nil) = error, !isLossComplete else { return error }
    return .helperGone(detail, left: ending.sentence)
  }

  /// When the process or one of the tree is to be read next; nil while nothing runs or the curve is off.
  private func nextReading(now: Nanoseconds64) -> Nanoseconds64? {
    guard running, let wait = sampler.wait(now: now) else { return nil }
    guard page == nil, let extra = tree?.extraReading(now: now) else { return now + wait }
    return min(now + wait, extra)
  }

  private mutating func handle(_ message: LaunchHelper.Event) throws(ProbeError) {
    let event = message.fields
    let at = Nanoseconds64(clamping: event.at_ns)
    switch hs_launch_kind(event.kind) {
    case HS_LAUNCH_FORKED:
      tree = MeasuredTree(root: event.pid, now: MonotonicClock.now, inspect: inspect)
      isTraced = event.exit_stop != 0
      group?.take(event.pid, isBornHere: event.flags & HS_PROCESS_GROUPED.rawValue != 0)
      hearsOfForks = event.flags & HS_PROCESS_ADOPTED.rawValue != 0
      for observer in observers { observer.attach(to: event.pid) }
      try helper.send(HS_LAUNCH_GO)
    case HS_LAUNCH_STARTED:
      running = true
      patience.started(now: MonotonicClock.now)
      sampler.start(at: Int64(clamping: event.released_ns))
    case HS_LAUNCH_FAILED:
      launchFailure = LaunchFailure.text(errno: event.error, stage: event.stage)
    case HS_LAUNCH_PROCESS:
      tree?.appeared(
        pid: event.pid, parent: event.parent,
        sharesMemory: event.flags & HS_PROCESS_SHARES.rawValue != 0, at: at)
      if running { tree?.read(now: MonotonicClock.now) }
    case HS_LAUNCH_EXEC:
      tree?.became(pid: event.pid, path: message.path, at: at)
    case HS_LAUNCH_EXITING:
      readFinalFigures(of: event.pid, at: at)
      try helper.send(HS_LAUNCH_CONTINUE, pid: event.pid)
    case HS_LAUNCH_ENDED:
      tree?.ended(event)
      if event.pid == tree?.root.pid { running = false }
    case HS_LAUNCH_EXITED:
      end = event
      if event.survivors > 0 { group?.kill() }
      charged = group?.end(isEmpty: event.survivors == 0) ?? charged
    case HS_LAUNCH_LOST:
      isLossComplete = event.survivors == 0
      throw .helperGone(LaunchHelper.loss(event))
    default:
      throw .helperGone("unknown event \(event.kind)")
    }
  }

  /// A process waits in its exit stop: its memory is still as it was at the end.
  private mutating func readFinalFigures(of pid: Int32, at time: Nanoseconds64) {
    guard let tree else { return }
    if pid == tree.root.pid {
      highWater = tree.root.reader?.highWater() ?? highWater
      mappedFiles = tree.root.reader?.mappedFiles() ?? mappedFiles
      for observer in observers { observer.exiting(pid: pid) }
      atExit?(pid)
    }
    tree.exiting(pid: pid, at: time, now: MonotonicClock.now)
    if pid == tree.root.pid { running = false }
  }

  private mutating func answerMarks() throws(ProbeError) {
    guard let page, let root = tree?.root.reader else { return }
    let state = page.state
    guard Int(state.marks_written) > exactMarks.count else { return page.quieten() }
    let rollup = root.rollup()
    while exactMarks.count < Int(state.marks_written) {
      exactMarks.append(
        ExactMark(resident: rollup?.resident, anonymous: rollup?.anonymous, lazyFree: rollup?.lazyFree))
      for observer in observers { observer.marked() }
    }
    if state.phase == PhaseNames.done {
      highWater = root.highWater()
      mappedFiles = root.mappedFiles()
    }
    page.acknowledge(state.marks_written)
  }

  /// A workload that does not wait at its marks tells nobody of them: they are read at the end.
  private mutating func takeUnheldMarks() {
    guard let page, !page.holds else { return }
    while exactMarks.count < Int(page.state.marks_written) { exactMarks.append(ExactMark()) }
  }

  private mutating func sampleIfDue() throws(ProbeError) {
    let now = MonotonicClock.now
    guard running, let tree, let due = nextReading(now: now), now >= due else { return }
    if sampler.isDue(now: now) { sampler.advance(now: now) }
    guard let resident = tree.read(now: now) else { return }  // it is on its way out
    let live = page.map { Bytes(believable($0.counters.live_bytes)) }
    if page == nil {
      tree.attend(now: now)
      try lookForStrangers(now: now)
    } else {
      sampler.append(now: now, resident: resident, live: live)
    }
    tap?.add(time: Nanoseconds(now - sampler.origin), resident: resident, live: live)
    if let memoryLimit, resident > memoryLimit, ending == .none {
      ending = .memoryLimit(resident)
      try killTree()
    }
  }

  /// Threads count while we read: their sum may be short for a moment. What is far beyond is kept for the judgement.
  private mutating func believable(_ live: Int64) -> Int64 {
    let held = hs_page_held_bytes()
    if live < -held || live > TelemetryCheck.mostBytes { impossibleLive = impossibleLive ?? live }
    return min(max(0, live), TelemetryCheck.mostBytes)
  }

  /// Processes that no traced thread has forked, where the kernel does not tell of them.
  private mutating func lookForStrangers(now: Nanoseconds64) throws(ProbeError) {
    guard !hearsOfForks, now >= nextLook, let tree else { return }
    nextLook = now + TrialWatch.lookPeriod
    for parent in tree.living.keys {
      for child in ProcessChildren.of(parent) where tree.living[child] == nil {
        strangers += 1
        if isTraced {
          try helper.send(HS_LAUNCH_ADOPT, pid: child)
        } else {
          tree.appeared(pid: child, parent: parent, sharesMemory: false, at: now)
        }
      }
    }
  }

  private mutating func obeyInterrupt() throws(ProbeError) {
    guard interrupt >= 0, ending == .none else { return }
    var polled = pollfd(fd: interrupt, events: Int16(POLLIN), revents: 0)
    guard poll(&polled, 1, 0) > 0 else { return }
    ending = .interrupted
    try killTree()
  }

  /// Puts together what was seen, after the end.
  func observation(rateHz: Int, kernelOOMKill: Bool, fileSize: Bytes?, realtime: Bool) -> Observation {
    let end = end ?? hs_launch_event()
    let released = Int64(clamping: end.released_ns)
    let ended = max(released, Int64(clamping: end.ended_ns))
    let elapsed = end.released_ns == 0 ? 0 : ended - released
    let fault = page.flatMap { page in
      TelemetryCheck(trial: released...ended).fault(of: page, liveSeen: impossibleLive)
    }
    let marks = fault == nil ? seriesMarks(released: released) : []
    let samples =
      fault == nil
      ? sampler.samples : sampler.samples.map { .init(time: $0.time, resident: $0.resident, live: nil) }
    var observation = Observation(
      launchFailure: launchFailure, status: end.status, ending: end.timed_out != 0 ? .timeLimit : ending,
      kernelOOMKill: kernelOOMKill, leftovers: Int(end.leftovers), elapsed: Nanoseconds(elapsed),
      usage: ResourceUsage(end), residentHighWater: highWater, mappedFiles: mappedFiles,
      series: ResidentSeries(samples: samples, marks: marks, missedTicks: sampler.missedTicks),
      rateHz: rateHz, telemetry: fault == nil ? page.map(TelemetryReading.init(page:)) : nil,
      standardError: errors.text,
      fileSize: fileSize, samplerRealtime: realtime)
    observation.telemetryFault = fault
    observation.releasedAt = released
    observation.harnessPause = Nanoseconds(harnessPause)
    observation.survivors = Int(end.survivors)
    if page == nil, let tree, launchFailure == nil { add(tree, end, to: &observation) }
    return observation
  }

  /// What was seen of a command's processes.
  private func add(_ tree: MeasuredTree, _ end: hs_launch_event, to observation: inout Observation) {
    let released = observation.releasedAt
    let curve = TreeCurve(
      members: tree.members, sweeps: tree.sweeps, isAlone: tree.isAlone, origin: released,
      end: Int64(clamping: end.ended_ns))
    observation.series.samples = curve.samples
    observation.series.parts = curve.parts
    observation.processes = zip(tree.members, curve.areas).map { member, area in
      member.sight(released: released, area: area)
    }
    observation.treePeak = tree.isAlone ? nil : Bytes(tree.highestSweep)
    observation.endResident = tree.endResident
    observation.pauses = tree.pauses(since: released)
    observation.chargedPeak = charged.peakCharged
    observation.chargedCPU = charged.cpu
    observation.sawWholeTree = end.unseen == 0 && strangers == 0 && (isTraced || tree.isAlone)
  }

  private func seriesMarks(released: Int64) -> [ResidentSeries.Mark] {
    guard let page else { return [] }
    return exactMarks.indices.compactMap { index in
      guard let mark = page.mark(UInt32(index)) else { return nil }
      let exact = exactMarks[index]
      // One that was ended while it waited here never went on.
      let (resumed, resumedCPU) =
        mark.resumed_ns == 0 ? (mark.ended_ns, mark.ended_cpu_ns) : (mark.resumed_ns, mark.resumed_cpu_ns)
      return ResidentSeries.Mark(
        phase: PhaseNames.name(mark.phase), ended: Nanoseconds(Int64(clamping: mark.ended_ns) - released),
        began: Nanoseconds(Int64(clamping: resumed) - released),
        cpuEnded: Nanoseconds(clamping: mark.ended_cpu_ns),
        cpuBegan: Nanoseconds(clamping: resumedCPU), operations: mark.operations,
        live: Bytes(mark.live_bytes), resident: exact.resident, anonymous: exact.anonymous,
        lazyFree: exact.lazyFree)
    }
  }
}

/// Names of the phases, as they are stored.
enum PhaseNames {
  static let done: UInt32 = 5

  static func name(_ phase: UInt32) -> String {
    let names = ["start", "warmup", "steady", "drain", "idle", "done"]
    return phase < names.count ? names[Int(phase)] : "phase-\(phase)"
  }
}

extension ResourceUsage {
  init(_ event: hs_launch_event) {
    // The clocks miss what nobody followed; of that, wait4 knows what was waited for.
    let charged = max(event.cpu_ns, event.user_ns &+ event.system_ns)
    self.init(
      user: Nanoseconds(clamping: event.user_ns), system: Nanoseconds(clamping: event.system_ns),
      maximumResident: Bytes(Int64(clamping: event.maximum_resident_bytes)), faultsMinor: event.faults_minor,
      faultsMajor: event.faults_major, switchesVoluntary: event.switches_voluntary,
      switchesInvoluntary: event.switches_involuntary, cpu: Nanoseconds(clamping: charged))
  }
}

extension TelemetryReading {
  init(page: TelemetryPage) {
    let state = page.state
    self.init(
      attached: state.attached != 0, verdict: Verdict(rawValue: state.verdict) ?? .none,
      message: page.text(HS_TEXT_MESSAGE), mallocFile: page.text(HS_TEXT_MALLOC_FILE),
      freeFile: page.text(HS_TEXT_FREE_FILE), peakLive: Bytes(state.peak_live), answer: state.answer,
      mallocLatency: page.latency(0), freeLatency: page.latency(1), timerCost: state.timer_cost_ns,
      go: GoReading(page: page))
  }
}

/// Words for FAILED events.
enum LaunchFailure {
  static func text(errno number: Int32, stage: UInt32) -> String {
    let step =
      switch hs_launch_stage(stage) {
      case HS_STAGE_SPEC: "the launch request could not be read"
      case HS_STAGE_FORK: "fork failed"
      case HS_STAGE_DESCRIPTORS: "its descriptors could not be set up"
      case HS_STAGE_DIRECTORY: "its working directory could not be entered"
      case HS_STAGE_LIMITS: "its resource limits could not be set"
      case HS_STAGE_AFFINITY: "its CPU affinity could not be set"
      case HS_STAGE_PERSONALITY: "address randomisation could not be switched off"
      case HS_STAGE_EXEC: "it could not be executed"
      default: "it could not be launched"
      }
    return "\(step): \(ErrnoText.text(number))"
  }
}
