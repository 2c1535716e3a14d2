import Model
import Testing

@testable import Findings

struct StoppingRuleTests {
  private let rule = StoppingRule()

  /// A judgement whose interval reaches so far to either side of a change.
  private func judgement(
    _ half: Double, change: Double = 0, gates: Bool = true, floor: Double? = nil, bytes: Double = 0
  ) -> Judgement {
    let side = JudgedSide(cell: ComparisonFixture.arm("a"), name: "a", count: 10, median: 1)
    return Judgement(
      definition: ComparisonFixture.cpu, baseline: side, candidate: side, place: "",
      effect: Effect(change: change, low: change - half, high: change + half, pairs: 10),
      difference: Difference(centre: 0, low: -bytes, high: bytes),
      threshold: Threshold(relative: 0.02, absolute: floor, gates: gates), lane: .sampled, isPaired: true,
      verdict: .inconclusive)
  }

  private func decide(
    _ blocks: Int, _ judgements: [Judgement], elapsed: Double = 0
  ) -> StoppingRule.Decision {
    rule.decide(blocks: blocks, elapsed: Nanoseconds(seconds: elapsed), judgements: judgements)
  }

  private func isStop(_ decision: StoppingRule.Decision) -> Bool {
    if case .stop = decision { true } else { false }
  }

  @Test func `ten blocks come first, then five at a time, to forty`() {
    let wide = [judgement(0.05)]
    #expect(decide(0, []) == .measure(upTo: 10))
    #expect(decide(10, wide) == .measure(upTo: 15))
    #expect(decide(38, wide) == .measure(upTo: 40))
    #expect(
      decide(40, wide)
        == .stop(
          "40 blocks, the most that are measured; 1 of 1 intervals that gate is still wider than half of the "
            + "threshold to either side"))
  }

  @Test func `it stops when every interval that gates is narrow enough`() {
    #expect(isStop(decide(10, [judgement(0.0098)])))
    #expect(!isStop(decide(10, [judgement(0.0102)])))
    #expect(!isStop(decide(10, [judgement(0.001), judgement(0.03)])))
    #expect(isStop(decide(10, [judgement(0.001), judgement(0.03, gates: false)])))
  }

  @Test func `where an interval lies does not matter, only how wide it is`() {
    for change in [-0.5, -0.02, 0, 0.02, 0.5] {
      #expect(isStop(decide(10, [judgement(0.0098 * (1 + change), change: change)])))
      #expect(!isStop(decide(10, [judgement(0.0102 * (1 + change), change: change)])))
    }
  }

  @Test func `an interval that is narrow beside the absolute part is narrow enough`() {
    #expect(isStop(decide(10, [judgement(0.3, floor: 1000, bytes: 500)])))
    #expect(!isStop(decide(10, [judgement(0.3, floor: 1000, bytes: 501)])))
  }

  @Test func `a hundred comparisons that gate need eleven blocks`() {
    let many = [Judgement](repeating: judgement(0.001), count: 100)
    #expect(decide(10, many) == .measure(upTo: 11))
    #expect(isStop(decide(11, many)))
  }

  @Test func `no interval is not narrow, and exact counts are not waited for`() {
    var few = judgement(0.001)
    few.effect = Effect(change: 0, low: nil, high: nil, pairs: 3)
    few.difference = Difference(centre: 0, low: nil, high: nil)
    #expect(decide(10, [few]) == .measure(upTo: 15))
    few.lane = .exact
    #expect(decide(10, [few]) == .stop("10 blocks: nothing that gates needs more"))
  }

  @Test func `a change from nothing has no width to aim at, unless an absolute change is tolerated`() {
    var new = judgement(0)
    new.effect = nil
    #expect(isStop(decide(10, [new])))
    var floored = judgement(0, floor: 1000, bytes: 501)
    floored.effect = nil
    #expect(!isStop(decide(10, [floored])))
  }

  @Test func `the time budget is not overrun by blocks as long as those before`() {
    let rule = StoppingRule(budget: Nanoseconds(seconds: 100))
    func decide(_ blocks: Int, _ elapsed: Double) -> StoppingRule.Decision {
      rule.decide(
        blocks: blocks, elapsed: Nanoseconds(seconds: elapsed), judgements: [judgement(0.1)])
    }
    #expect(decide(0, 3) == .measure(upTo: 10))
    #expect(decide(10, 50) == .measure(upTo: 15))
    #expect(decide(10, 75) == .measure(upTo: 13))
    guard case .stop(let reason) = decide(10, 95) else {
      Issue.record("it goes on")
      return
    }
    #expect(reason.hasPrefix("10 blocks: another would not fit into the time budget; 1 of 1"))
    #expect(isStop(decide(10, 100)))
  }
}
