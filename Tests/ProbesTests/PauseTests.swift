import Model
import Testing

@testable import Probes

struct PauseTests {
  /// Looks every 50 ms; each entry is the CPU time of one stretch in ms, or nil for a stretch in which a process began or ended.
  private static func pauses(_ stretches: [Int64?]) -> [Pause] {
    var watch = PauseWatch()
    var (cpu, changes): (Int64, Int) = (0, 1)
    for (index, used) in stretches.enumerated() {
      cpu += used ?? 0
      changes += used == nil ? 1 : 0
      watch.look(
        at: Nanoseconds(Int64(index) * 50_000_000), cpu: Nanoseconds(cpu * 1_000_000), changes: changes)
    }
    return watch.pauses
  }

  private static func milliseconds(_ pauses: [Pause]) -> [[Int64]] {
    pauses.map { [$0.began.count / 1_000_000, $0.ended.count / 1_000_000] }
  }

  @Test func `a stretch without CPU time is a pause from 300 ms on`() {
    #expect(Self.milliseconds(Self.pauses([50, 50, 0, 0, 0, 0, 0, 0, 50, 50])) == [[50, 350]])
    #expect(Self.pauses([50, 50, 0, 0, 0, 0, 0, 50, 50]).isEmpty)
  }

  @Test func `a pause that lasts to the end counts, with the CPU time before it`() {
    let pauses = Self.pauses([50, 50] + [Int64](repeating: 0, count: 20))
    #expect(Self.milliseconds(pauses) == [[50, 1050]])
    #expect(pauses.map(\.cpu) == [Nanoseconds(100_000_000)])
  }

  @Test func `a server's timers do not end a pause, steady work does`() {
    #expect(Self.milliseconds(Self.pauses([50, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2])) == [[0, 500]])
    #expect(Self.pauses([50] + [Int64](repeating: 3, count: 40)).isEmpty)
  }

  @Test func `a process that begins or ends ends a pause`() {
    let still = [Int64?](repeating: 0, count: 8)
    #expect(Self.milliseconds(Self.pauses(still + [nil] + still)) == [[0, 350], [400, 800]])
  }
}

struct TreeMetricTests {
  private static func observation(
    processes: [ProcessSight] = [], peaks: Int64 = 0, samples: [ResidentSeries.Sample] = []
  ) -> Observation {
    var observation = Observation(
      status: 0, ending: .none, kernelOOMKill: false, leftovers: 0, elapsed: Nanoseconds(1_000_000_000),
      usage: ResourceUsage(
        user: Nanoseconds(100_000_000), system: Nanoseconds(0), maximumResident: Bytes(peaks), faultsMinor: 0,
        faultsMajor: 0, switchesVoluntary: 0, switchesInvoluntary: 0), residentHighWater: nil,
      mappedFiles: nil,
      series: ResidentSeries(samples: samples, marks: [], missedTicks: 0), rateHz: 100, telemetry: nil,
      standardError: "", fileSize: nil, samplerRealtime: false)
    observation.processes = processes
    return observation
  }

  private static func sight(_ pid: Int32, _ peak: Int64?) -> ProcessSight {
    ProcessSight(
      pid: pid, parent: 0, began: Nanoseconds(0), images: [], peakResident: peak.map { Bytes($0) })
  }

  @Test func `the largest process is the largest that anybody saw`() {
    let seen = Self.observation(processes: [Self.sight(1, 5), Self.sight(2, 70)], peaks: 60)
    #expect(PeakProcess.value(seen) == .value(70, .counted))
    let gap = Self.observation(processes: [Self.sight(1, 5), Self.sight(2, nil)], peaks: 4)
    #expect(PeakProcess.value(gap) == .value(5, .sampled))
    let kernel = Self.observation(processes: [Self.sight(1, 5), Self.sight(2, nil)], peaks: 90)
    #expect(PeakProcess.value(kernel) == .value(90, .counted))
    let none = Self.observation(processes: [Self.sight(1, nil), Self.sight(2, nil)])
    #expect(PeakProcess.value(none).number == nil)
  }

  @Test func `what is there at the end is unavailable where nobody could look`() {
    var observation = Self.observation()
    #expect(EndResident.value(observation).number == nil)
    observation.endResident = Bytes(4096)
    #expect(EndResident.value(observation) == .value(4096, .counted))
  }

  @Test func `what settled is the last reading of the last pause after the work`() {
    let samples = (0..<10).map { index in
      ResidentSeries.Sample(
        time: Nanoseconds(Int64(index) * 100_000_000), resident: Bytes(Int64(1000 - index)), live: nil)
    }
    var observation = Self.observation(samples: samples)
    #expect(SettledResident.value(observation) == .unavailable("it never paused for 300 ms"))
    func pause(_ began: Int64, _ ended: Int64, cpu: Int64) -> Pause {
      Pause(
        began: Nanoseconds(began * 1_000_000), ended: Nanoseconds(ended * 1_000_000),
        cpu: Nanoseconds(cpu * 1_000_000))
    }
    observation.pauses = [pause(0, 310, cpu: 1), pause(400, 750, cpu: 80)]
    #expect(SettledResident.value(observation) == .value(993, .sampled))
    observation.pauses = [pause(0, 310, cpu: 1)]
    #expect(SettledResident.value(observation) == .unavailable("it paused only before most of its work"))
    observation.pauses = [pause(910, 1300, cpu: 80)]
    #expect(SettledResident.value(observation).number == nil)
    observation.rateHz = 0
    #expect(SettledResident.value(observation) == .unavailable("the sampler is off (--rate 0)"))
  }
}
