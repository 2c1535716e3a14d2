import Foundation
import Model
import Probes

/// What a run tells about its progress.
public enum RunEvent: Sendable {
  /// So many trials are to be run; so many of the plan were there already.
  case began(remaining: Int, done: Int)
  /// A trial starts.
  case started(cell: Cell, block: Int)
  /// A trial has ended and is handed to the store.
  case ended(trial: Trial, cell: Cell)
}

/// What a run that stops by itself does next.
public enum BlockDecision: Sendable, Equatable {
  /// Measure until so many blocks are complete, then ask again.
  case measure(upTo: Int)
  /// Stop; a sentence says why.
  case stop(String)
}

/// How a run ended.
public enum RunEnd: Sendable, Equatable {
  /// All trials of the plan are there.
  case complete
  /// Fewer blocks than the plan allows were enough, or the time was over; why, in a sentence.
  case enough(blocks: Int, reason: String)
  /// Every cell failed in the warm-up for one reason, in a sentence; nothing was measured.
  case futile(String)
  /// The user stopped it; what was measured is kept.
  case interrupted
}

/// Runs the trials of a plan, block by block, one at a time. One bad cell never ends a run.
public struct Runner: Sendable {
  private let plan: Plan
  private let cells: [PreparedCell]
  private let helperPath: String
  private let interrupt: Int32
  private let tap: CurveTap?

  /// Prepares a run. `interrupt` is a descriptor that becomes readable when the user wants to stop; `tap` gets the
  /// curve of the running trial.
  public init(
    plan: Plan, cells: [PreparedCell], helperPath: String, interrupt: Int32, tap: CurveTap? = nil
  ) {
    self.plan = plan
    self.cells = cells
    self.helperPath = helperPath
    self.interrupt = interrupt
    self.tap = tap
  }

  /// Runs everything that `isRecorded` does not have yet, on the calling thread.
  ///
  /// Where the plan stops by itself, `decide` is asked between blocks, with the number of complete ones and the time
  /// since the start. `note` gets the files that were mapped in the first trial of each cell, before that is recorded.
  /// Throws: what `record` and `note` throw (the store), and `ProbeError` when the harness itself fails again and again.
  public func run(
    isRecorded: (_ cellKey: String, _ block: Int) -> Bool, record: (Trial) throws -> Void,
    note: (_ mappedFiles: [String]) throws -> Void = { _ in },
    decide: (_ blocks: Int, _ elapsed: Nanoseconds) -> BlockDecision = { _, _ in .measure(upTo: .max) },
    report: (RunEvent) -> Void
  ) throws -> RunEnd {
    let began = ContinuousClock.now
    var next = plan.stopping == nil ? Int.max : 0
    let todo = remaining(isRecorded)
    let planned = Schedule.blocks(of: plan).count * cells.count
    report(.began(remaining: todo.count, done: planned - todo.count))
    let supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
    let counters = EventCounters(CountedEvent.chosen(by: plan.sampling.events))
    var disturbance = Disturbance()
    var failuresInARow = 0
    var start = FutileStart(cells: cells.count)
    var noted: Set<Int> = []
    for step in todo {
      if step.block >= 0, let reason = start.reason { return .futile(reason) }
      if step.block >= next {
        let elapsed = Nanoseconds(seconds: (ContinuousClock.now - began) / .seconds(1))
        switch decide(step.block, elapsed) {
        case .measure(let blocks): next = max(blocks, step.block + 1)
        case .stop(let reason): return .enough(blocks: step.block, reason: reason)
        }
      }
      let prepared = cells[step.cell]
      report(.started(cell: prepared.cell, block: step.block))
      do {
        guard let (trial, files) = try measure(prepared, step, supervisor, counters, &disturbance) else {
          return .interrupted
        }
        failuresInARow = 0
        start.add(trial)
        if noted.insert(step.cell).inserted { try note(files) }
        try record(trial)
        report(.ended(trial: trial, cell: prepared.cell))
      } catch let error as ProbeError {
        // The helper may have been killed by hand: a fresh one is started for the next trial.
        failuresInARow += 1
        if failuresInARow >= 3 { throw error }
        let trial = failed(prepared, step, error)
        try record(trial)
        report(.ended(trial: trial, cell: prepared.cell))
      }
    }
    guard plan.stopping != nil else { return .complete }
    let elapsed = Nanoseconds(seconds: (ContinuousClock.now - began) / .seconds(1))
    guard case .stop(let reason) = decide(plan.trials, elapsed) else { return .complete }
    return .enough(blocks: plan.trials, reason: reason)
  }

  private struct Step {
    var cell: Int
    var block: Int
    var position: Int
  }

  private func remaining(_ isRecorded: (String, Int) -> Bool) -> [Step] {
    Schedule.blocks(of: plan).flatMap { block in
      Schedule.order(block: block, cells: cells.count, seed: plan.seed).enumerated().compactMap {
        position, cell in
        isRecorded(cells[cell].cell.key, block) ? nil : Step(cell: cell, block: block, position: position)
      }
    }
  }

  /// One trial with the files that were mapped in it; nil when the user stopped it half way.
  private func measure(
    _ prepared: PreparedCell, _ step: Step, _ supervisor: TrialSupervisor, _ counters: EventCounters,
    _ disturbance: inout Disturbance
  ) throws -> (trial: Trial, mappedFiles: [String])? {
    var launch = prepared.launch
    let pad = Schedule.environmentPad(block: step.block, seed: plan.seed)
    launch.environment[TargetEnvironment.pad] = String(
      decoding: [UInt8](repeating: UInt8(ascii: "x"), count: pad), as: UTF8.self)
    let startedAt = Date().timeIntervalSince1970
    let before = disturbance.before()
    guard let (seen, repeats) = try observe(launch, prepared.fileSize, supervisor, counters) else {
      return nil
    }
    let proof = prepared.judge(seen)
    var (outcome, message) =
      isVoid(seen, launch) ? (.launchFailed, voidText(seen)) : TrialJudge.judge(seen, proof, prepared.cell)
    message = withLastLine(of: seen, outcome, message)
    let hasFigures = outcome != .preloadFailed && outcome != .launchFailed
    var conditions = conditions(seen, before.merging(disturbance.after()) { first, _ in first })
    if repeats > 0 { conditions["void_before"] = "\(repeats)" }
    var trial = Trial(
      cellKey: prepared.cell.key, block: step.block, position: step.position, startedAt: startedAt,
      outcome: outcome, message: message, stderrTail: lastLines(seen.standardError),
      values: hasFigures ? MetricRegistry.values(seen) : [:],
      series: plan.sampling.rateHz > 0 && hasFigures ? seen.series : nil, identity: proof.identity,
      conditions: conditions)
    trial.processes = proof.processes
    return (trial, seen.allMappedFiles)
  }

  /// Runs a program until the harness was there all the time, with the number of void runs before; nil when the user
  /// stopped it.
  private func observe(
    _ launch: LaunchSpec, _ fileSize: Bytes?, _ supervisor: TrialSupervisor, _ counters: EventCounters
  ) throws -> (seen: Observation, repeats: Int)? {
    var repeats = 0
    while true {
      var seen = try supervisor.run(
        launch, sampling: plan.sampling, memoryLimit: plan.limits.memory, fileSize: fileSize,
        observers: [counters], tap: tap)
      seen.events = counters.take()
      guard seen.ending != .interrupted else { return nil }
      guard isVoid(seen, launch) || isDoubtful(seen, launch), repeats < Runner.mostRepeats else {
        return (seen, repeats)
      }
      repeats += 1
    }
  }

  /// Whether the harness itself stood still (Ctrl-Z, a suspended machine) for longer than the limit, so that it saw
  /// nothing of what it was to watch.
  private func isVoid(_ seen: Observation, _ launch: LaunchSpec) -> Bool {
    seen.harnessPause > launch.timeLimit
  }

  /// Whether a time limit may blame a program that did not get its time.
  private func isDoubtful(_ seen: Observation, _ launch: LaunchSpec) -> Bool {
    seen.ending == .timeLimit && seen.harnessPause.count > launch.timeLimit.count / 2
  }

  private func voidText(_ seen: Observation) -> String {
    "the harness itself stood still for \((seen.harnessPause.seconds * 10).rounded() / 10) s during this trial and during "
      + "\(Runner.mostRepeats) before it: what they saw is void"
  }

  /// A trial that the harness slept through is run again so often.
  private static let mostRepeats = 3

  /// An exit code or a signal says little without the last words of the program.
  private func withLastLine(of seen: Observation, _ outcome: Outcome, _ message: String?) -> String? {
    switch outcome {
    case .exit, .signal: break
    default: return message
    }
    let last = seen.standardError.split(whereSeparator: \.isNewline).last {
      !$0.allSatisfy(\.isWhitespace)
    }
    guard let last else { return message }
    return "\(message ?? ""); last on standard error: \(last.suffix(200))"
  }

  private func conditions(_ seen: Observation, _ machine: [String: String]) -> [String: String] {
    var result = ["sampler": seen.samplerRealtime ? "fifo" : "normal"]
    result["elapsed"] = "\(seen.elapsed.seconds)"
    result["missed_ticks"] = "\(seen.series.missedTicks)"
    if let peak = seen.chargedPeak { result["cgroup_peak"] = "\(peak.count)" }
    if let cpu = seen.chargedCPU { result["cgroup_cpu"] = "\(cpu.seconds)" }
    if let share = seen.events?.runningShare, share < 1 { result["events_running"] = "\(share)" }
    result.merge(machine) { first, _ in first }
    if let telemetry = seen.telemetry { result["answer"] = "\(telemetry.answer)" }
    return result
  }

  private func failed(_ prepared: PreparedCell, _ step: Step, _ error: ProbeError) -> Trial {
    Trial(
      cellKey: prepared.cell.key, block: step.block, position: step.position,
      startedAt: Date().timeIntervalSince1970, outcome: .launchFailed, message: error.description,
      stderrTail: "", values: [:], series: nil, identity: .unknown, conditions: [:])
  }

  /// The last 20 lines, at most 4 KB of them.
  private func lastLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).suffix(20).joined(separator: "\n")
      .suffix(4096).description
  }
}
