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
  /// since the start.
  /// Throws: what `record` throws (the store), and `ProbeError` when the harness itself fails again and again.
  public func run(
    isRecorded: (_ cellKey: String, _ block: Int) -> Bool, record: (Trial) throws -> Void,
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
    for step in todo {
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
        guard let trial = try measure(prepared, step, supervisor, counters, &disturbance) else {
          return .interrupted
        }
        failuresInARow = 0
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

  /// One trial; nil when the user stopped it half way.
  private func measure(
    _ prepared: PreparedCell, _ step: Step, _ supervisor: TrialSupervisor, _ counters: EventCounters,
    _ disturbance: inout Disturbance
  ) throws -> Trial? {
    var launch = prepared.launch
    let pad = Schedule.environmentPad(block: step.block, seed: plan.seed)
    launch.environment[TargetEnvironment.pad] = String(repeating: "x", count: pad)
    let startedAt = Date().timeIntervalSince1970
    let before = disturbance.before()
    var seen = try supervisor.run(
      launch, sampling: plan.sampling, memoryLimit: plan.limits.memory, fileSize: prepared.fileSize,
      observers: [counters], tap: tap)
    seen.events = counters.take()
    guard seen.ending != .interrupted else { return nil }
    let identity = prepared.judge(seen)
    var (outcome, message) = judged(seen, identity, prepared.cell)
    message = withLastLine(of: seen, outcome, message)
    let hasFigures = outcome != .preloadFailed && outcome != .launchFailed
    return Trial(
      cellKey: prepared.cell.key, block: step.block, position: step.position, startedAt: startedAt,
      outcome: outcome, message: message, stderrTail: lastLines(seen.standardError),
      values: hasFigures ? MetricRegistry.values(seen) : [:],
      series: plan.sampling.rateHz > 0 && hasFigures ? seen.series : nil, identity: identity,
      conditions: conditions(seen, before.merging(disturbance.after()) { first, _ in first }))
  }

  /// A preload that is not in the process overrides every other outcome: its figures bear the wrong name.
  private func judged(
    _ seen: Observation, _ identity: Identity, _ cell: Cell
  ) -> (Outcome, String?) {
    let (outcome, message) = OutcomeJudge.judge(seen)
    guard outcome != .launchFailed else { return (outcome, message) }
    // ld.so(8) goes on without a library that it cannot load, and says so.
    if let said = seen.standardError.split(separator: "\n").first(where: {
      $0.hasPrefix("ERROR: ld.so: object") && $0.contains("LD_PRELOAD")
    }) {
      return (.preloadFailed, String(said))
    }
    guard cell.variant.linkage == .preload else { return (outcome, message) }
    // A library that lacks one of its own is mapped already when ld.so gives up with exit code 127.
    if outcome == .exit(127),
      let said = seen.standardError.split(separator: "\n").first(where: {
        $0.contains("error while loading shared libraries") || $0.contains("symbol lookup error")
      })
    {
      return (.preloadFailed, String(said))
    }
    guard !identity.verified else { return (outcome, message) }
    let evidence = identity.evidence.joined(separator: "; ")
    return (.preloadFailed, "\(cell.variant.allocator) did not serve malloc: \(evidence)")
  }

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
