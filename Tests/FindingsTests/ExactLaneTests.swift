import Model
import Testing

@testable import Findings

struct ExactLaneTests {
  private func judge(_ values: [Double], _ baselines: [Double], floor: Double? = nil) throws -> Judgement {
    try #require(
      try ComparisonFixture.judge(
        values, baselines, metric: "mallocs", rule: ThresholdRule(absolute: floor)))
  }

  @Test func `counts that repeat are compared as they are, with two trials`() throws {
    #expect(try judge([1006, 1006], [1000, 1000]).verdict == .regression)
    #expect(try judge([1005, 1005], [1000, 1000]).verdict == .same)
    #expect(try judge([994, 994], [1000, 1000]).verdict == .improvement)
    let judgement = try judge([2000, 2000], [1000, 1000])
    #expect(judgement.lane == .exact && judgement.adjustedP == nil && judgement.notes.isEmpty)
    #expect(judgement.effect == Effect(change: 1, low: 1, high: 1, pairs: 2))
    #expect(judgement.difference == Difference(centre: 1000, low: 1000, high: 1000))
  }

  @Test func `one trial cannot show that a count repeats`() throws {
    let judgement = try judge([2000], [1000, 1000])
    #expect(judgement.verdict == .inconclusive && judgement.missing == 1)
    #expect(judgement.notes == ["one trial cannot show that a count repeats"])
  }

  @Test func `repeats that differ a little decide where all agree, and the note says that they differ`()
    throws
  {
    let judgement = try judge([1100, 1103], [1000, 1002])
    #expect(judgement.verdict == .regression && judgement.lane == .exact)
    #expect(judgement.notes == ["repeats of this count differ (1100–1103 against 1000–1002)"])
    #expect(try judge([1000, 1002], [1001, 1003]).verdict == .same)
  }

  @Test func `repeats that disagree go to statistics, which need more trials`() throws {
    // 1006 is more than half a per cent above 1000, and 1004 is not.
    let near = try judge([1006, 1004], [1000, 1000])
    #expect(near.lane == .sampled && near.verdict == .inconclusive && near.missing == 3)
    let wide = try judge([1000, 1200], [1000, 1000])
    #expect(wide.lane == .sampled && wide.verdict == .inconclusive)
    #expect(wide.notes[0].hasSuffix("(1000–1200 against 1000): it is compared by statistics"))
    let many = try judge([1100, 1200, 1150, 1300, 1120], [1000, 1010, 1000, 1010, 1000])
    #expect(many.lane == .sampled && many.verdict == .regression)
  }

  @Test func `nothing stays nothing, and something from nothing is a regression`() throws {
    let none = try judge([0, 0], [0, 0])
    #expect(none.verdict == .same && none.effect?.change == 0 && none.notes == ["0 in every trial"])
    let some = try judge([1, 1], [0, 0])
    #expect(some.verdict == .regression && some.effect == nil && some.difference.centre == 1)
    #expect(try judge([0, 0], [1, 1]).verdict == .improvement)
  }

  @Test func `few more events than the absolute part are tolerated`() throws {
    #expect(try judge([110, 110], [100, 100], floor: 10).verdict == .same)
    #expect(try judge([111, 111], [100, 100], floor: 10).verdict == .regression)
  }

  @Test func `blocks need not match, since nothing is paired`() throws {
    let cells = [
      MeasuredCell(
        cell: ComparisonFixture.arm("base"),
        readings: ["mallocs": [.init(block: 0, value: 5), .init(block: 1, value: 5)]], trials: 2),
      MeasuredCell(
        cell: ComparisonFixture.arm("new"),
        readings: ["mallocs": [.init(block: 2, value: 5), .init(block: 3, value: 5)]], trials: 2),
    ]
    let result = try Comparing.arms(
      ComparisonFixture.measurements(cells), base: "base", candidate: "new")
    #expect(result.judgements.map(\.verdict) == [.same])
  }
}
