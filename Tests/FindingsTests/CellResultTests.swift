import Model
import Testing

@testable import Findings

struct CellResultTests {
  let session = Fixture.session(variants: [Fixture.glibc])
  var cell: Cell { session.plan.cells[0] }

  private func wall(_ value: Double, _ provenance: Provenance = .counted) -> [MetricID: MetricValue] {
    ["wall": .value(value, provenance)]
  }

  private func only(_ trials: [Trial]) throws -> CellResult {
    try #require(Fixture.result(session, trials).cells.first)
  }

  @Test func `values are those of measured ok trials, in order of blocks`() throws {
    let result = try only([
      Fixture.trial(cell, block: 2, values: wall(20)), Fixture.trial(cell, block: -1, values: wall(999)),
      Fixture.trial(cell, block: 1, values: wall(998), outcome: .timeOut),
      Fixture.trial(cell, block: 0, values: wall(10)),
    ])
    #expect(result.metric("wall")?.values == [10, 20])
    #expect(result.metric("wall")?.summary?.median == 15)
    #expect(
      result.outcomes == [OutcomeCount(outcome: .ok, count: 2), OutcomeCount(outcome: .timeOut, count: 1)])
  }

  @Test func `messages stand once, also those of trials that were ok but odd`() throws {
    let result = try only([
      Fixture.trial(cell, block: 3, outcome: .exit(1), message: "late"),
      Fixture.trial(cell, block: 0, message: "odd but ok"),
      Fixture.trial(cell, block: 1, outcome: .exit(1), message: "early"),
      Fixture.trial(cell, block: 2, outcome: .exit(1), message: "late"),
    ])
    #expect(result.messages == ["odd but ok", "early", "late"])
  }

  @Test func `a cell without ok trials says how its trials ended instead of figures`() throws {
    let result = try only([
      Fixture.trial(cell, block: 0, values: wall(1), outcome: .signal(11)),
      Fixture.trial(cell, block: 1, values: wall(1), outcome: .timeOut),
    ])
    let metric = try #require(result.metric("wall"))
    #expect(metric.summary == nil && metric.values.isEmpty && metric.provenance == nil)
    #expect(metric.unavailable == "no trial ended ok (signal-11 1, time-out 1)")
    #expect(result.identity.allocator == "glibc")
    #expect(try only([Fixture.trial(cell, outcome: .preloadFailed)]).identity == .unknown)
  }

  @Test func `a cell without trials was not measured`() throws {
    let result = try only([])
    #expect(result.outcomes.isEmpty)
    #expect(result.metrics.map(\.unavailable) == ["not measured", "not measured"])
  }

  @Test func `the reason why a metric is unavailable is carried along`() throws {
    let result = try only([Fixture.trial(cell, values: ["wall": .unavailable("no clock")])])
    #expect(result.metric("wall")?.unavailable == "no clock")
    #expect(result.metric("throughput")?.unavailable == "not recorded")
  }

  @Test func `a value that some trials lack says so beside the median`() throws {
    let result = try only([
      Fixture.trial(cell, block: 0, values: wall(3)),
      Fixture.trial(cell, block: 1, values: ["wall": .unavailable("it ended too soon")]),
      Fixture.trial(cell, block: 2, values: wall(.nan)),
    ])
    let metric = try #require(result.metric("wall"))
    #expect(metric.values == [3])
    #expect(metric.unavailable == nil)
    #expect(
      metric.summary?.note
        == "needs 6 trials for a 95 % interval; 2 of 3 trials have no value: it ended too soon")
  }

  @Test func `of different provenances the least certain is named`() throws {
    let counted = Fixture.trial(cell, block: 0, values: wall(1, .counted))
    let sampled = Fixture.trial(cell, block: 1, values: wall(1, .sampled))
    let simulated = Fixture.trial(cell, block: 2, values: wall(1, .simulated))
    #expect(try only([counted]).metric("wall")?.provenance == .counted)
    #expect(try only([sampled, counted]).metric("wall")?.provenance == .sampled)
    #expect(try only([simulated, counted, sampled]).metric("wall")?.provenance == .simulated)
  }

  @Test func `identity is verified when every ok trial verifies the same allocator`() throws {
    let good = (0..<3).map { Fixture.trial(cell, block: $0) }
    #expect(
      try only(good).identity
        == Identity(allocator: "glibc", evidence: ["seen in block 0"], verified: true))
    let failed = Fixture.trial(cell, block: 3, outcome: .preloadFailed, verified: false)
    #expect(try only(good + [failed]).identity.verified)
  }

  @Test func `one unverified trial leaves the cell unverified, with its evidence`() throws {
    let identity = try only([
      Fixture.trial(cell, block: 0), Fixture.trial(cell, block: 1, verified: false),
    ]).identity
    #expect(!identity.verified)
    #expect(identity.evidence == ["seen in block 0", "not verified in block 1:", "seen in block 1"])
  }

  @Test func `trials that verify different allocators verify none`() throws {
    let identity = try only([
      Fixture.trial(cell, block: 0), Fixture.trial(cell, block: 1, allocator: "jemalloc"),
    ]).identity
    #expect(!identity.verified)
    #expect(identity.allocator == nil)
    #expect(identity.evidence.last == "trials disagree about the allocator: glibc, jemalloc")
  }
}
