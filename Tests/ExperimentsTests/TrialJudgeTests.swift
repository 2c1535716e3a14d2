import Model
import Probes
import Testing

@testable import Experiments

@Suite struct TrialJudgeTests {
  private let preload = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  private let plain = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")

  private func seen(
    status: Int32 = 0, ending: Observation.Ending = .none, errors: String = "", failure: String? = nil
  ) -> Observation {
    Observation(
      launchFailure: failure, status: status, ending: ending, kernelOOMKill: false, leftovers: 0,
      elapsed: Nanoseconds(seconds: 1),
      usage: ResourceUsage(
        user: Nanoseconds(0), system: Nanoseconds(0), maximumResident: Bytes(0), faultsMinor: 0,
        faultsMajor: 0,
        switchesVoluntary: 0, switchesInvoluntary: 0),
      residentHighWater: nil, mappedFiles: nil,
      series: ResidentSeries(samples: [], marks: [], missedTicks: 0),
      rateHz: 100, telemetry: nil, standardError: errors, fileSize: nil, samplerRealtime: false)
  }

  private func judge(
    _ seen: Observation, verified: Bool, variant: Variant? = nil, remarks: [String] = []
  ) -> (outcome: Outcome, message: String?) {
    let cell = Cell(
      subject: .command(arm: "app", arguments: ["app"]), variant: variant ?? preload, settings: .none)
    let identity = Identity(allocator: nil, evidence: ["worker ran without it"], verified: verified)
    return TrialJudge.judge(seen, TrialProof(identity: identity, remarks: remarks), cell)
  }

  @Test func `limits, signals and failed starts stay what they are under a preload`() {
    #expect(judge(seen(status: 9, ending: .timeLimit), verified: false).outcome == .timeOut)
    #expect(
      judge(seen(status: 9, ending: .memoryLimit(Bytes(1 << 30))), verified: false).outcome == .outOfMemory)
    #expect(judge(seen(status: 11), verified: false).outcome == .signal(11))
    #expect(judge(seen(failure: "no such file"), verified: false).outcome == .launchFailed)
  }

  @Test func `what is not verified keeps its outcome and says why`() {
    let ok = judge(seen(), verified: false)
    #expect(ok.outcome == .ok && ok.message == "not verified: worker ran without it")
    let failed = judge(seen(status: 3 << 8), verified: false)
    #expect(
      failed.outcome == .exit(3) && failed.message == "not verified: worker ran without it; exit code 3")
    #expect(judge(seen(), verified: false, variant: plain).message == nil)
  }

  @Test func `a preload that ld.so refused is no figure, unless what matters is verified`() {
    let said = "ERROR: ld.so: object '/x.so' from LD_PRELOAD cannot be preloaded: ignored."
    #expect(judge(seen(errors: "hello\n\(said)\n"), verified: false) == (.preloadFailed, said))
    #expect(judge(seen(errors: said), verified: true).outcome == .ok)
    #expect(judge(seen(errors: said), verified: true, variant: plain).outcome == .preloadFailed)
    let missing = "app: error while loading shared libraries: libx.so: cannot open shared object file"
    #expect(judge(seen(status: 127 << 8, errors: missing), verified: false) == (.preloadFailed, missing))
  }

  @Test func `remarks about processes are told once with their number`() {
    let message = judge(seen(), verified: true, remarks: ["a crashed", "b crashed", "a crashed"]).message
    #expect(message == "a crashed (2 times); b crashed")
  }

  @Test func `a warm-up that failed everywhere in one way is futile`() {
    func trial(_ cell: String, _ outcome: Outcome, block: Int = -1) -> Trial {
      Trial(
        cellKey: cell, block: block, position: 0, startedAt: 0, outcome: outcome, message: "killed",
        stderrTail: "",
        values: [:], series: nil, identity: .unknown, conditions: [:])
    }
    func reason(_ trials: [Trial], cells: Int = 2) -> String? {
      var start = FutileStart(cells: cells)
      for trial in trials { start.add(trial) }
      return start.reason
    }
    let hopeless = reason([trial("a", .timeOut), trial("b", .timeOut)])
    #expect(
      hopeless?.hasPrefix(
        "in the warm-up every cell ended in the same way, time-out: killed. Is this a server?") == true)
    #expect(reason([trial("a", .exit(1)), trial("b", .exit(1))])?.contains("server") == false)
    #expect(reason([trial("a", .timeOut), trial("b", .ok)]) == nil)
    #expect(reason([trial("a", .timeOut), trial("b", .exit(1))]) == nil)
    #expect(reason([trial("a", .timeOut)]) == nil)
    #expect(reason([trial("a", .timeOut, block: 0), trial("b", .timeOut, block: 0)]) == nil)
    let second = [
      trial("a", .ok, block: -2), trial("b", .ok, block: -2), trial("a", .exit(1)), trial("b", .exit(1)),
    ]
    #expect(reason(second) != nil)
    #expect(reason([]) == nil)
  }
}
