import Model
import Testing

@testable import Probes

@Suite struct EventCountTests {
  @Test func `a count that ran all the time is exact`() throws {
    let count = try EventCount([CounterReading(value: 1000, enabled: 50, running: 50)])
    #expect(count == EventCount(value: 1000, runningShare: 1))
    #expect(!count.isExtrapolated)
  }

  @Test func `a count that shared its counter is scaled, and keeps the share`() throws {
    let count = try EventCount([CounterReading(value: 1000, enabled: 100, running: 25)])
    #expect(count.value == 4000 && count.runningShare == 0.25)
  }

  @Test func `an event that never ran is not counted, and not zero`() {
    let never = #expect(throws: EventObstacle.self) {
      try EventCount([CounterReading(value: 0, enabled: 100, running: 0)])
    }
    #expect(never?.cause == .notCounted && never?.reason.contains("never on a counter") == true)
    let unborn = #expect(throws: EventObstacle.self) {
      try EventCount([CounterReading(value: 0, enabled: 0, running: 0)])
    }
    #expect(unborn?.reason.contains("never began") == true)
  }

  @Test func `the parts of a hybrid machine are added before they are scaled`() throws {
    // 60 ns on one kind of core and 40 ns on the other are all of 100 ns.
    let whole = try EventCount([
      CounterReading(value: 600, enabled: 100, running: 60),
      CounterReading(value: 200, enabled: 100, running: 40),
    ])
    #expect(whole == EventCount(value: 800, runningShare: 1))
    let half = try EventCount([
      CounterReading(value: 300, enabled: 100, running: 30),
      CounterReading(value: 100, enabled: 100, running: 20),
    ])
    #expect(half == EventCount(value: 800, runningShare: 0.5))
  }

  private static func ok(_ value: UInt64, _ time: UInt64) -> Result<[CounterReading], EventObstacle> {
    .success([CounterReading(value: value, enabled: time, running: time)])
  }

  @Test func `a PMU that counts no instructions of a program that ran is not believed at all`() throws {
    let events = TrialEvents(end: [
      .cycles: Self.ok(10, 5), .instructions: Self.ok(0, 5), .llcMisses: Self.ok(0, 5),
      .cpuMigrations: Self.ok(0, 5),
    ])
    let refusal = #expect(throws: EventObstacle.self) { try events.count(of: .llcMisses) }
    #expect(refusal?.reason.contains("no instructions") == true)
    #expect(try events.count(of: .cpuMigrations).value == 0)
  }

  @Test func `loads per operation are those of the steady phase`() throws {
    var seen = Observation(
      status: 0, ending: .none, kernelOOMKill: false, leftovers: 0, elapsed: Nanoseconds(1),
      usage: ResourceUsage(
        user: Nanoseconds(0), system: Nanoseconds(0), maximumResident: Bytes(0), faultsMinor: 0,
        faultsMajor: 0, switchesVoluntary: 0, switchesInvoluntary: 0),
      residentHighWater: nil, mappedFiles: nil,
      series: ResidentSeries(samples: [], marks: [], missedTicks: 0),
      rateHz: 0,
      telemetry: TelemetryReading(
        attached: true, verdict: .ok, message: "", mallocFile: "", freeFile: "", peakLive: Bytes(0), answer: 0
      ),
      standardError: "", fileSize: nil, samplerRealtime: false)
    seen.series.marks = [("warmup", 10), ("steady", 100), ("done", 600)].map { phase, operations in
      ResidentSeries.Mark(
        phase: phase, ended: Nanoseconds(0), began: Nanoseconds(0), cpuEnded: Nanoseconds(0),
        cpuBegan: Nanoseconds(0), operations: operations, live: Bytes(0), resident: nil, anonymous: nil,
        lazyFree: nil)
    }
    #expect(LoadsPerOperation.value(seen) == .unavailable("not asked for (--events none)"))
    seen.events = TrialEvents(
      end: [.loads: Self.ok(90_000, 100)],
      marks: [[.loads: Self.ok(5_000, 10)], [.loads: Self.ok(20_000, 40)], [.loads: Self.ok(40_000, 80)]])
    #expect(LoadsPerOperation.value(seen) == .value(40, .counted))
    #expect(Loads.value(seen) == .value(90_000, .counted))
    guard case .unavailable(let reason) = Stores.value(seen) else {
      Issue.record("stores have a value that nobody counted")
      return
    }
    #expect(reason.contains("--events all"))
  }
}
