import Model
import Testing

@testable import Findings

/// What must hold of every comparison, on random ones of all sizes.
struct VerdictPropertyTests {
  private typealias Values = (values: [Double], baselines: [Double])

  private func sample(_ seed: UInt64) -> (Values, random: SeededRandom) {
    var random = SeededRandom(seed: seed, stream: 5)
    let count = Int.random(in: 1...25, using: &random)
    let factor = Double.random(in: 0.9...1.1, using: &random)
    let scatter = [0, 0.001, 0.01, 0.05][Int.random(in: 0..<4, using: &random)]
    return (ComparisonFixture.pairs(count, factor: factor, scatter: scatter, seed: seed), random)
  }

  private func judge(
    _ values: Values, rule: ThresholdRule = ThresholdRule(absolute: 0)
  ) throws -> Judgement {
    try #require(try ComparisonFixture.judge(values.values, values.baselines, rule: rule))
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `the order of blocks does not matter`(seed: UInt64) throws {
    var (values, random) = sample(seed)
    let before = try judge(values)
    let order = values.values.indices.shuffled(using: &random)
    let after = try judge((order.map { values.values[$0] }, order.map { values.baselines[$0] }))
    #expect(after.verdict == before.verdict && after.effect == before.effect)
    #expect(after.adjustedP == before.adjustedP && after.missing == before.missing)
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `the unit does not matter`(seed: UInt64) throws {
    let (values, _) = sample(seed)
    let before = try judge(values, rule: ThresholdRule(absolute: 1e6))
    // A power of two changes no digit of the values, and logarithms by their rounding only.
    let scaled = (values.values.map { $0 / 1024 }, values.baselines.map { $0 / 1024 })
    let after = try judge(scaled, rule: ThresholdRule(absolute: 1e6 / 1024))
    #expect(after.verdict == before.verdict && after.adjustedP == before.adjustedP)
    #expect(abs(after.difference.centre * 1024 - before.difference.centre) < 1e-3)
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `swapping the sides turns regressions into improvements and nothing else`(seed: UInt64) throws {
    let (values, _) = sample(seed)
    let there = try judge(values)
    let back = try judge((values.baselines, values.values))
    let mirror: [Verdict: Verdict] = [
      .regression: .improvement, .improvement: .regression, .same: .same, .inconclusive: .inconclusive,
    ]
    #expect(back.verdict == mirror[there.verdict])
    #expect(back.adjustedP?.improvement == there.adjustedP?.regression)
    #expect(back.difference.centre == -there.difference.centre)
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `more of a metric that should be low never makes it look better`(seed: UInt64) throws {
    var (values, random) = sample(seed)
    let before = try #require(try judge(values).adjustedP)
    let place = Int.random(in: 0..<values.values.count, using: &random)
    values.values[place] *= 1.05
    let after = try #require(try judge(values).adjustedP)
    #expect(after.regression <= before.regression && after.improvement >= before.improvement)
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `a wider threshold calls fewer changes, and never fewer the same`(seed: UInt64) throws {
    let (values, _) = sample(seed)
    let narrow = try judge(values, rule: ThresholdRule(relative: 0.01, absolute: 0))
    let wide = try judge(values, rule: ThresholdRule(relative: 0.03, absolute: 0))
    if wide.verdict == .regression { #expect(narrow.verdict == .regression) }
    if wide.verdict == .improvement { #expect(narrow.verdict == .improvement) }
    if narrow.verdict == .same { #expect(wide.verdict == .same) }
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `verdicts agree with the intervals that are printed`(seed: UInt64) throws {
    let (values, _) = sample(seed)
    let judgement = try judge(values)
    let effect = try #require(judgement.effect)
    switch judgement.verdict {
    case .regression: #expect(effect.change > 0.02)
    case .improvement: #expect(effect.change < 1 / 1.02 - 1)
    case .same: #expect((1 / 1.02 - 1 - 1e-9...0.02 + 1e-9).contains(effect.change))
    case .inconclusive: break
    }
    if let low = effect.low, let high = effect.high {
      #expect(low <= effect.change && effect.change <= high)
      // One comparison at 5 % one-sided asks for less than the end of a 95 % interval.
      if low > 0.02 + 1e-9 { #expect(judgement.verdict == .regression) }
      if high < 1 / 1.02 - 1 - 1e-9 { #expect(judgement.verdict == .improvement) }
    }
  }
}
