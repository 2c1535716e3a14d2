import Foundation
import Model
import Probes
import Testing

/// Workloads that write anything into the page that they share with the harness.
@Suite(.serialized) struct GarbagePageTests {
  /// `garbage SEED MANNER`: works as it should, then writes into its page, by a seed.
  private static var program: String {
    get throws {
      try TargetPrograms.shared.program(
        "garbage",
        """
        #include <stddef.h>
        #include "workload.h"
        static uint64_t extremes[] = {0, 1, 0x7fffffff, 0xffffffffu, 1ull << 47, 1ull << 62, 0x7fffffffffffffffull,
                                      1ull << 63, ~0ull, ~0ull - 1};
        int main(int argc, char **argv) {
          hs_start(argc, argv);
          uint64_t seed = (uint64_t)hs_int("seed");
          int64_t manner = hs_int("manner");
          struct hs_random random = hs_random_seeded(seed, 1);
          hs_phase(HS_PHASE_STEADY);
          hs_free(hs_malloc(1 << 20), 1 << 20);
          hs_idle(1);
          hs_finish(7, 7);
          unsigned char *page = (unsigned char *)hs_page_;
          size_t head = offsetof(struct hs_page, slots) + 4 * sizeof(struct hs_slot);
          if (manner == 0) { /* all of it */
            for (size_t i = 0; i + 8 <= head; i += 8) *(uint64_t *)(page + i) = hs_random_next(&random);
          } else if (manner == 1) { /* a few words anywhere */
            for (int i = 0; i < 6; i++)
              *(uint64_t *)(page + hs_random_below(&random, head / 8) * 8) = extremes[hs_random_below(&random, 10)];
          } else if (manner == 2) { /* one word of a mark */
            struct hs_mark *mark = &hs_page_->marks[hs_random_below(&random, 3)];
            ((uint64_t *)mark)[hs_random_below(&random, sizeof *mark / 8)] = extremes[hs_random_below(&random, 10)];
          } else if (manner == 3) { /* a word before the texts */
            *(uint32_t *)(page + 4 * hs_random_below(&random, offsetof(struct hs_page, message) / 4)) =
                (uint32_t)extremes[hs_random_below(&random, 10)];
          } else if (manner == 4) { /* latencies */
            for (int i = 0; i < 8; i++) {
              struct hs_histogram *h = &hs_page_->malloc_latency[hs_random_below(&random, 4)];
              ((uint64_t *)h)[hs_random_below(&random, sizeof *h / 8)] = extremes[hs_random_below(&random, 10)];
            }
          } else if (manner == 5) { /* what Go would state */
            hs_page_->go_state = 3;
            for (int i = 0; i < 4; i++)
              (&hs_page_->go_gc_cycles)[i] = extremes[hs_random_below(&random, 10)];
          }
          return 0;
        }
        """)
    }
  }

  private static func run(_ seed: Int, _ manner: Int, latency: Bool = false) throws -> Observation {
    var sampling = Sampling()
    sampling.latency = latency
    return try observe(
      try program, ["seed=\(seed)", "manner=\(manner)"], sampling: sampling, telemetry: true)
  }

  @Test(arguments: 0..<6)
  func `whatever stands on the page, the harness goes on and shows no figure that cannot be`(manner: Int)
    throws
  {
    var refused = 0
    for seed in 0..<40 {
      let seen = try Self.run(seed, manner, latency: manner == 4)
      let (outcome, message) = OutcomeJudge.judge(seen)
      if outcome == .implausibleTelemetry {
        refused += 1
        #expect(message?.hasPrefix("implausible telemetry: ") == true)
        #expect(seen.telemetry == nil && seen.series.marks.isEmpty)
        guard case .unavailable(let reason) = Operations.value(seen) else {
          Issue.record("operations of a page that is not believed")
          continue
        }
        #expect(reason == message)
      }
      // What the kernel says of the process stays.
      #expect(PeakResident.value(seen).number.map { $0 > 0 } == true)
      #expect(CPU.value(seen).number != nil)
      for (id, value) in MetricRegistry.values(seen) {
        guard let number = value.number else { continue }
        #expect(number.isFinite && number >= 0, "\(id) = \(number), manner \(manner), seed \(seed)")
        if id == "wall" { #expect(number <= seen.elapsed.seconds + 0.2) }
        if id == "peak_live" { #expect(number <= Double(1 << 47)) }
      }
    }
    // Whole pages of random words are never believed; of single words some change nothing that anybody reads.
    if manner == 0 { #expect(refused == 40) }
    if manner == 2 { #expect(refused > 10) }
  }

  @Test func `a page that is as it should be is believed`() throws {
    let seen = try Self.run(0, 99)
    #expect(OutcomeJudge.judge(seen).outcome == .ok)
    #expect(seen.telemetryFault == nil && seen.series.marks.count == 3)
  }

  @Test func `a trial whose marks go back in time is not ok`() throws {
    let program = try TargetPrograms.shared.program(
      "backwards",
      """
      #include "workload.h"
      int main(int argc, char **argv) {
        hs_start(argc, argv);
        hs_phase(HS_PHASE_STEADY);
        hs_phase(HS_PHASE_DRAIN);
        hs_page_->marks[1].ended_ns -= 4480ull * 1000000000ull;
        return hs_finish(1, 1);
      }
      """)
    let seen = try observe(program, [], telemetry: true)
    let (outcome, message) = OutcomeJudge.judge(seen)
    #expect(outcome == .implausibleTelemetry)
    #expect(message?.contains("its mark 1 is not in the time of the trial") == true, "\(message ?? "")")
    #expect(Wall.value(seen).number.map { $0 >= 0 && $0 < 60 } == true)
  }
}
