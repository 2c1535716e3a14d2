import Model
import Reports

/// One trial of a sawtooth-like program: three teeth, then everything is freed, then memory goes back.
enum SampleTrial {
  static let cell = SampleSession.result.cells[8].cell

  static let series = ResidentSeries(
    samples: (0..<120).map(sample),
    marks: [
      mark("warmup", 12, live: 0, resident: 2 << 20, operations: 0),
      mark("steady", 150, live: 8 << 20, resident: 12 << 20, operations: 9000),
      mark("drain", 800, live: 60 << 20, resident: 66 << 20, operations: 1_250_000),
      mark("idle", 860, live: 0, resident: 50 << 20, operations: 1_300_000),
      mark("done", 1190, live: 0, resident: 6 << 20, operations: 1_300_000),
    ], missedTicks: 2)

  static let trial = Trial(
    cellKey: cell.key, block: 3, position: 7, startedAt: 1_767_323_050, outcome: .exit(3),
    message: "the program's answer came, then it failed", stderrTail: "first line\n\u{1b}[31mred\nlast\n",
    values: [
      "peak_resident": .value(71_303_168, .counted), "cpu": .value(0.81, .counted),
      "mean_resident": .value(40_123_456.5, .sampled), "malloc_p99": .unavailable("not asked for: --latency"),
      "faults_minor": .value(17_412, .counted),
    ], series: series,
    identity: Identity(allocator: "glibc", evidence: ["libc.so.6 is mapped", "no other"], verified: true),
    conditions: ["load": "0.42", "steal_ms": "0"])

  static let entries = [
    SessionEntry(
      id: "20260102-030405-abcd", startedAt: 1_767_323_045, title: "Allocators at a glance", cells: 24,
      trials: 240, failedTrials: 42, host: "Example CPU"),
    SessionEntry(
      id: "20260103-030405-evil", startedAt: 1_767_409_445, title: HostileSession.escape + "漢字", cells: 1,
      trials: 6, failedTrials: 0, host: HostileSession.script),
  ]

  private static func sample(_ index: Int) -> ResidentSeries.Sample {
    let time = Double(index) * 10
    let tooth = time.truncatingRemainder(dividingBy: 260) / 260
    let live = time < 150 ? time / 150 * 8 : time < 800 ? 8 + 52 * tooth : max(0, 60 - (time - 800))
    let resident = time < 860 ? max(live + 4, time > 400 ? 40 : 2) : max(6, 50 - (time - 860) / 6)
    return ResidentSeries.Sample(
      time: Nanoseconds(Int64(time * 1e6)), resident: Bytes(Int64(resident * 1_048_576)),
      live: Bytes(Int64(live * 1_048_576)))
  }

  private static func mark(
    _ phase: String, _ milliseconds: Int64, live: Int64, resident: Int64, operations: UInt64
  ) -> ResidentSeries.Mark {
    let time = Nanoseconds(milliseconds * 1_000_000)
    return ResidentSeries.Mark(
      phase: phase, ended: time, began: time, cpuEnded: time, cpuBegan: time, operations: operations,
      live: Bytes(live), resident: Bytes(resident), anonymous: Bytes(resident - (1 << 20)),
      lazyFree: Bytes(0))
  }
}
