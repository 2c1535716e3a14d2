import Foundation
import Testing

/// `--simulate` as a user runs it, on what is installed here.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind")))
struct SimulateTests {
  private static func simulated(_ cell: [String: Any]) throws -> [String: Any] {
    try #require(cell["simulated"] as? [String: Any])
  }

  private static func figure(_ cell: [String: Any], _ group: String, _ name: String) throws -> Double {
    let events = try simulated(cell)
    let totals = try #require(events[group] as? [String: Any], "\(events)")
    return try #require(totals[name] as? Double)
  }

  @Test func `loads and stores of a pair put the allocators in the known order`() throws {
    let (run, json) = try HeapscaleBinary().measure(
      "run", "--workload", "pair", "--scale", "quick", "--variant", "glibc/dynamic", "--variant",
      "glibc/preload/tcmalloc-minimal", "--variant", "musl/static", "--trials", "1", "--warmup", "0",
      "--simulate")
    #expect(run.status == 0, "\(run.errors)")
    let cells = try ["glibc/preload/tcmalloc-minimal", "glibc/dynamic/glibc", "musl/static/musl"].map {
      try json.cell(variant: $0)
    }
    for cell in cells {
      let events = try Self.simulated(cell)
      #expect(events["provenance"] as? String == "simulated")
      #expect(events["deterministic"] as? Bool == true)
      #expect(events["operations"] as? Int == 82_000)
    }
    // A pair is two operations. Measured once with another loop: TCMalloc 38/21, glibc 61/39, static musl 75/39.
    let loads = try cells.map { 2 * (try Self.figure($0, "per_operation", "loads")) }
    let stores = try cells.map { 2 * (try Self.figure($0, "per_operation", "stores")) }
    #expect(loads == loads.sorted())
    for (value, expected) in zip(loads + stores, [38.0, 61, 75, 21, 39, 39]) {
      #expect(abs(value / expected - 1) < 0.15, "\(loads), \(stores)")
    }
    let inside = try cells.map { try Self.figure($0, "allocator_per_operation", "loads") }
    #expect(inside == inside.sorted())
    #expect(zip(inside, loads).allSatisfy { $0 < $1 / 2 && $0 > 0 })
  }

  @Test func `settings reach the simulated program, and a command has totals`() throws {
    let (run, json) = try HeapscaleBinary().measure(
      "compare", "--allocators", "glibc", "--settings", "one=GLIBC_TUNABLES=glibc.malloc.tcache_count=0",
      "--trials", "1", "--warmup", "0", "--simulate", "--", "/usr/bin/sort", "/etc/services")
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count == 2)
    let loads = try json.cells.map { try Self.figure($0, "allocator", "loads") }
    #expect(loads[1] > loads[0] * 1.02, "without its thread cache glibc works more: \(loads)")
    #expect(try Self.simulated(json.cells[0])["per_operation"] is NSNull)
  }

  @Test func `a simulation that takes too long loses neither the session nor its trials`() throws {
    let (run, json) = try HeapscaleBinary().measure(
      "run", "--workload", "pair", "--scale", "quick", "--trials", "1", "--warmup", "0", "--simulate",
      "--simulate-limit", "20ms")
    #expect(run.status == 0, "\(run.errors)")
    let events = try Self.simulated(json.cells[0])
    #expect((events["unavailable"] as? String)?.contains("raise the limit") == true)
    #expect(Document.outcomes(json.cells[0]) == ["ok": 1])
  }

  @Test func `a limit without a simulation is a mistake`() throws {
    let run = try HeapscaleBinary().run("run", "--workload", "pair", "--simulate-limit", "5s")
    #expect(run.status == 64 && run.errors.contains("--simulate"))
  }
}
