import Foundation
import Model
import Probes
import Testing

/// States what a Go program would state, from C, so that every figure is known.
private let workload = """
  #include "workload.h"
  static void stated(uint64_t inuse, uint64_t released, uint32_t phase) {
    hs_page_->marks[hs_page_->marks_written].go_heap_inuse = inuse;
    hs_page_->marks[hs_page_->marks_written].go_heap_released = released;
    hs_phase(phase);
  }
  int main(int argc, char **argv) {
    hs_start(argc, argv);
    if (hs_int("go")) hs_page_->go_state = HS_GO_MARKS;
    stated(1000, 0, HS_PHASE_STEADY);
    stated(9000, 10, HS_PHASE_DRAIN);
    stated(4000, 20, HS_PHASE_IDLE);
    hs_page_->marks[hs_page_->marks_written].go_heap_inuse = 500;
    hs_page_->marks[hs_page_->marks_written].go_heap_released = 7000;
    if (hs_int("go") == 2) {
      hs_page_->go_gc_cycles = 12;
      hs_page_->go_gc_cpu_ns = 250;
      hs_page_->go_cpu_ns = 1000;
      hs_page_->go_gc_pause_p99_ns = 81;
      hs_page_->go_state = HS_GO_MARKS | HS_GO_TOTALS;
    }
    return hs_finish(1, 1);
  }
  """

@Suite struct GoMetricsTests {
  private func run(go: Int) throws -> [MetricID: MetricValue] {
    let program = try TargetPrograms.shared.program("go-metrics", workload)
    return MetricRegistry.values(try observe(program, ["go=\(go)"], telemetry: true))
  }

  private func reason(_ value: MetricValue?) -> String? {
    if case .unavailable(let reason) = value { reason } else { nil }
  }

  @Test func `the Go runtime's figures come from the page`() throws {
    let values = try run(go: 2)
    #expect(values["go_heap_inuse"] == .value(9000, .sampled))
    #expect(values["go_heap_released"] == .value(7000, .counted))
    #expect(values["go_gc_cycles"] == .value(12, .counted))
    #expect(values["go_gc_cpu"] == .value(0.25, .sampled))
    #expect(values["go_gc_pause_p99"] == .value(81, .counted))
    #expect(reason(values["malloc_p99"])?.contains("Go") == true)
  }

  @Test func `a Go program that did not state its totals still has its heap`() throws {
    let values = try run(go: 1)
    #expect(values["go_heap_inuse"]?.number == 9000)
    #expect(reason(values["go_gc_cycles"]) == "the program did not come to its end")
  }

  @Test func `other programs have none, and say why`() throws {
    let values = try run(go: 0)
    for id: MetricID in ["go_heap_inuse", "go_heap_released", "go_gc_cycles", "go_gc_cpu", "go_gc_pause_p99"]
    {
      #expect(reason(values[id]) == "not a Go program", "\(id)")
    }
    let command = MetricRegistry.values(try observe("/bin/true"))
    #expect(reason(command["go_gc_cycles"])?.contains("no telemetry page") == true)
  }
}
