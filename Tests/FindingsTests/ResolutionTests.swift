import Model
import Testing

@testable import Findings

/// A figure below what its instrument resolves is compared with nothing, but a change out of it is not missed.
struct ResolutionTests {
  private static let resident = MetricDefinition(
    id: "peak_resident", title: "peak RSS", explanation: "", unit: .bytes, better: .lower,
    resolution: 524_288)
  private static let small = 131_072.0

  private func metrics(
    _ medians: [Double], session: Session = Fixture.session()
  ) -> [MetricResult] {
    let trials = zip(session.plan.cells, medians).map { cell, value in
      Fixture.trial(cell, values: ["peak_resident": .value(value, .counted)])
    }
    return SessionAnalysis.result(
      session: session, cells: session.plan.cells, trials: trials, definitions: [Self.resident]
    ).cells.compactMap { $0.metric("peak_resident") }
  }

  private func compare(_ base: [Double], _ new: [Double]) throws -> ComparisonResult {
    let cells = [("base", base), ("new", new)].map {
      ComparisonFixture.measured(ComparisonFixture.arm($0), ["peak_resident": $1])
    }
    return try Comparing.arms(
      Measurements(cells: cells, definitions: [Self.resident]), base: "base", candidate: "new")
  }

  @Test func `it has no ratio, nothing refers to it, and no cell beside it is the best`() {
    let one = metrics([1_000_000, Self.small, 2_000_000])
    #expect(one.map(\.isBelowResolution) == [false, true, false])
    #expect(one.map(\.ratioToReference) == [1, nil, 2])
    #expect(one.map(\.isBest) == [false, false, false])
    let other = metrics([Self.small, 1_000_000, 2_000_000])
    #expect(other.map(\.ratioToReference) == [nil, nil, nil])
    // Exactly at the resolution it is a figure.
    let at = metrics([524_288, 1_048_576, 2_000_000])
    #expect(at.prefix(2).map(\.ratioToReference) == [1, 2] && at[0].isBest)
  }

  @Test func `settings have no effect on it`() {
    let session = Fixture.session(variants: [Fixture.glibc], settings: [.none, Fixture.tight])
    #expect(metrics([1_000_000, 2_000_000], session: session)[1].settingsEffect != nil)
    #expect(metrics([1_000_000, Self.small], session: session)[1].settingsEffect == nil)
    #expect(metrics([Self.small, 1_000_000], session: session)[1].settingsEffect == nil)
  }

  @Test func `two below it are the same, however many times one is the other, and nothing is said of them`()
    throws
  {
    let base = (0..<8).map { Self.small / 4 + Double($0) * 4096 }
    let result = try compare(base, base.map { $0 * 3 })
    let judgement = try #require(result.judgements.first)
    #expect(judgement.verdict == .same && judgement.effect == nil)
    #expect(judgement.notes == ["below 0.5 MiB, which is what the instrument resolves"])
    #expect(result.sentences.isEmpty && result.means.isEmpty)
    // Without a resolution the same values are three times as much.
    let judged = try ComparisonFixture.judge(base.map { $0 * 3 }, base)
    #expect(try #require(judged?.effect?.change) > 1.99)
  }

  @Test func `a program that grows out of it is a regression, one that shrinks into it an improvement`()
    throws
  {
    let tiny = (0..<8).map { Self.small + Double($0) * 4096 }
    let large = tiny.map { $0 + 40 * 1_048_576 }
    let worse = try compare(tiny, large)
    #expect(worse.judgements.map(\.verdict) == [.regression] && worse.judgements[0].effect == nil)
    #expect(worse.sentences == ["new has more than 0.5 MiB peak resident where base has less."])
    let better = try compare(large, tiny)
    #expect(better.judgements.map(\.verdict) == [.improvement])
    #expect(better.sentences == ["new has less than 0.5 MiB peak resident where base has more."])
    // By no more than the resolution and the threshold leave open it is neither.
    let slightly = try compare(tiny, tiny.map { _ in 600_000 })
    #expect(slightly.judgements[0].verdict == .same && slightly.sentences.isEmpty)
  }

  @Test func `a mean over workloads leaves it out and says so`() throws {
    func cells(_ workload: String, _ base: Double, _ new: Double) -> [MeasuredCell] {
      [(Fixture.glibc, base), (Fixture.jemalloc, new)].map { variant, value in
        ComparisonFixture.measured(
          Cell(subject: .workload(id: workload, parameters: []), variant: variant, settings: .none),
          ["peak_resident": (0..<6).map { value * (1 + Double($0) / 1000) }])
      }
    }
    let measured = Measurements(
      cells: cells("a", 1e7, 2e7) + cells("b", 1e7, 2e7) + cells("c", Self.small, 4 * Self.small / 5),
      definitions: [Self.resident])
    let means = try Comparing.variants(measured, reference: Fixture.glibc).means
    let mean = try #require(means.first)
    #expect(mean.workloads == 2 && abs(mean.effect.change - 1) < 1e-9)
    #expect(mean.effect.note == "without 1 workload below 0.5 MiB")
  }
}
