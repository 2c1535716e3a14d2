import CLinux
import Glibc
import Model

/// Looks at what a workload stated before anybody believes it: the page is the target's to write, and a stray pointer or a
/// hostile program may have put anything there.
///
/// Bounds are wide: what is refused cannot be, whatever the clocks and the load. Times are CLOCK_MONOTONIC.
struct TelemetryCheck {
  /// When the program was released, and when it had ended.
  let trial: ClosedRange<Nanoseconds64>

  /// The lower half of the address space, which is all that a process has on x86-64 and more than it has elsewhere.
  static let mostBytes: Int64 = 1 << 47
  /// Two clocks are read one after the other, and CPU time is charged at ticks.
  private static let slack: Nanoseconds64 = 200_000_000
  /// No call of an allocator is as fast as a tenth of a nanosecond.
  private static let mostCallsPerNanosecond = 10.0
  private static let knownPhases = 1...PhaseNames.done

  /// What cannot be, in a phrase; nil when all of it can.
  func fault(of page: TelemetryPage, liveSeen: Int64?) -> String? {
    let state = page.state
    guard state.attached != 0 || state.marks_stated != 0 else { return nil }  // it never spoke
    if state.intact == 0 { return "the head of its telemetry page was overwritten" }
    if state.attached > 1 || TelemetryReading.Verdict(rawValue: state.verdict) == nil {
      return "its state (\(state.attached)) or verdict (\(state.verdict)) is none of those that there are"
    }
    if state.phase > PhaseNames.done {
      return "it says that it is in phase \(state.phase), which there is not"
    }
    if state.marks_stated != state.marks_written {
      return "it says that it wrote \(state.marks_stated) marks, and there is room for \(state.marks_written)"
    }
    return fault(ofMarks: state, page) ?? fault(ofLive: state, page, liveSeen) ?? fault(ofAnswer: state)
      ?? fault(ofLatencies: page)
  }

  private func fault(ofMarks state: hs_page_state, _ page: TelemetryPage) -> String? {
    var before: hs_page_mark?
    for index in 0..<state.marks_written {
      guard let mark = page.mark(index) else { return "its mark \(index) is gone" }
      let name = "its mark \(index)"
      guard Self.knownPhases.contains(mark.phase) else {
        return "\(name) is of phase \(mark.phase), which there is not"
      }
      // One that was ended at a mark never went on.
      let isOpen = mark.resumed_ns == 0 && index + 1 == state.marks_written
      guard isIn(mark.ended_ns), isOpen || isIn(mark.resumed_ns) else {
        return "\(name) is not in the time of the trial"
      }
      guard isOpen || mark.ended_ns <= mark.resumed_ns else { return "\(name) goes back in time" }
      if let before, before.resumed_ns > mark.ended_ns || before.operations > mark.operations {
        return "\(name) is older, or has fewer operations, than the one before"
      }
      guard isCPU(mark.ended_cpu_ns), isOpen || isCPU(mark.resumed_cpu_ns) else {
        return
          "\(name) has a CPU time of \(mark.ended_cpu_ns) to \(mark.resumed_cpu_ns) ns, more than the CPUs have given"
      }
      if let before, before.resumed_cpu_ns > mark.ended_cpu_ns { return "the CPU time of \(name) goes back" }
      guard Double(mark.operations) <= Self.mostCallsPerNanosecond * Double(mostCPU) else {
        return "\(name) tells of \(mark.operations) operations, more than the CPUs can do"
      }
      guard (0...Self.mostBytes).contains(mark.live_bytes) else {
        return "\(name) has \(mark.live_bytes) live bytes"
      }
      guard max(mark.go_heap_inuse, mark.go_heap_released) <= UInt64(Self.mostBytes) else {
        return "\(name) has a Go heap of \(mark.go_heap_inuse) bytes with \(mark.go_heap_released) released"
      }
      before = mark
    }
    return nil
  }

  private func fault(ofLive state: hs_page_state, _ page: TelemetryPage, _ seen: Int64?) -> String? {
    if let seen { return "it said that \(seen) bytes are live" }
    guard (0...Self.mostBytes).contains(state.peak_live) else {
      return "its highest live bytes are \(state.peak_live)"
    }
    // Each of its threads may hold back as much.
    let held = hs_page_held_bytes()
    for index in 0..<state.marks_written {
      guard let live = page.mark(index)?.live_bytes, live - held > state.peak_live else { continue }
      return "\(live) bytes are live at its mark \(index), above its peak of \(state.peak_live)"
    }
    return nil
  }

  private func fault(ofAnswer state: hs_page_state) -> String? {
    let isRight = state.verdict == TelemetryReading.Verdict.ok.rawValue
    return isRight && state.answer != state.expected
      ? "it calls its answer right, which is \(state.answer) instead of \(state.expected)" : nil
  }

  private func fault(ofLatencies page: TelemetryPage) -> String? {
    for which: Int32 in [0, 1] {
      guard let longest = page.latency(which)?.maximum, longest > UInt64(clamping: length + Self.slack) else {
        continue
      }
      return "one call of \(which == 0 ? "malloc" : "free") took \(longest) ns, longer than the trial"
    }
    return nil
  }

  private var length: Nanoseconds64 { trial.upperBound - trial.lowerBound }

  /// As much CPU time as there was.
  private var mostCPU: UInt64 {
    let cores = UInt64(max(1, sysconf(Int32(_SC_NPROCESSORS_CONF))))
    return UInt64(clamping: length + Self.slack).multipliedReportingOverflow(by: cores).partialValue
  }

  private func isCPU(_ time: UInt64) -> Bool { time <= mostCPU }

  private func isIn(_ time: UInt64) -> Bool {
    (trial.lowerBound - Self.slack...trial.upperBound + Self.slack).contains(Int64(clamping: time))
  }
}
