import Foundation
import Model
import Probes
import Testing

private let workload = """
  #include "workload.h"
  int main(int argc, char **argv) {
    hs_start(argc, argv);
    int64_t n = hs_int("n");
    static char *blocks[100000];
    hs_phase(HS_PHASE_STEADY);
    for (int64_t i = 0; i < n; i++) { blocks[i] = (char *)hs_malloc(1000); memset(blocks[i], 1, 1000); }
    hs_phase(HS_PHASE_DRAIN);
    for (int64_t i = 0; i < n; i++) hs_free(blocks[i], 1000);
    hs_idle(hs_int("idle"));
    return hs_finish((uint64_t)n, (uint64_t)hs_int("expected"));
  }
  """

@Suite(.serialized) struct TelemetryTests {
  func run(n: Int, expected: Int? = nil, sampling: Sampling = Sampling()) throws -> Observation {
    let program = try TargetPrograms.shared.program("telemetry", workload)
    return try observe(
      program, ["n=\(n)", "idle=150", "expected=\(expected ?? n)"], sampling: sampling, telemetry: true)
  }

  @Test func `phases, operations and live bytes come exactly from the page`() throws {
    let seen = try run(n: 20_000)
    #expect(OutcomeJudge.judge(seen).outcome == .ok)
    #expect(seen.series.marks.map(\.phase) == ["steady", "drain", "idle", "done"])
    #expect(seen.series.marks.map(\.operations) == [0, 20_000, 40_000, 40_000])
    #expect(seen.series.marks[1].live == Bytes(20_000_000))
    #expect(seen.series.marks[3].live == Bytes(0))
    let peak = try #require(PeakLive.value(seen).number)
    #expect((20_000_000 - 32_768...20_000_000).contains(peak))
    let resident = try #require(PeakResident.value(seen).number)
    #expect(resident >= peak)
    #expect(seen.series.marks.allSatisfy { $0.resident != nil })
  }

  @Test func `what the kernel splits by ticks, and threads publish in batches, is sampled`() throws {
    let seen = try run(n: 1000)
    for value in [CPUUser.value(seen), CPUSystem.value(seen), PeakLive.value(seen)] {
      guard case .value(_, .sampled) = value else {
        Issue.record("\(value)")
        continue
      }
    }
  }

  @Test func `the curve shows live and resident bytes rise`() throws {
    let seen = try run(n: 50_000, sampling: Sampling(rateHz: 1000))
    #expect(
      seen.series.samples.contains { $0.resident > Bytes(40_000_000) && ($0.live ?? Bytes(0)).count > 0 })
    #expect(zip(seen.series.samples, seen.series.samples.dropFirst()).allSatisfy { $0.time < $1.time })
  }

  @Test func `a wrong answer is an outcome`() throws {
    let judged = OutcomeJudge.judge(try run(n: 10, expected: 11))
    #expect(judged.outcome == .wrongAnswer)
    #expect(judged.message?.contains("10 instead of 11") == true)
  }

  @Test func `dladdr names the library that serves malloc`() throws {
    let telemetry = try #require(try run(n: 10).telemetry)
    #expect(telemetry.mallocFile.hasSuffix("/libc.so.6"))
    #expect(telemetry.freeFile.hasSuffix("/libc.so.6"))
  }

  @Test func `latencies are counted on request, and only then`() throws {
    guard case .unavailable = MallocP99.value(try run(n: 10)) else {
      Issue.record("a latency without being asked for")
      return
    }
    let seen = try run(n: 5_000, sampling: Sampling(latency: true))
    #expect(seen.telemetry?.mallocLatency?.buckets.reduce(0) { $0 + $1.count } == 5_000)
    let p50 = try #require(MallocP50.value(seen).number)
    let p99 = try #require(MallocP99.value(seen).number)
    let most = try #require(MallocMax.value(seen).number)
    #expect(p50 > 0 && p50 <= p99 && p99 <= most)
  }

  @Test func `every metric has a value or says why it has none`() throws {
    let values = MetricRegistry.values(try run(n: 20_000))
    #expect(values.count == MetricRegistry.all.count)
    for (id, value) in values {
      switch value {
      case .value(let number, _): #expect(number.isFinite && number >= 0, "\(id)")
      case .unavailable(let reason): #expect(!reason.isEmpty, "\(id)")
      }
    }
  }

  @Test func `a command without page has no operations and says so`() throws {
    let seen = try observe("/bin/true")
    guard case .unavailable(let reason) = Throughput.value(seen) else {
      Issue.record("throughput without operations")
      return
    }
    #expect(reason.contains("telemetry"))
  }
}
