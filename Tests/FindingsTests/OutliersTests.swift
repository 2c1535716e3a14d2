import Model
import Testing

@testable import Findings

struct OutliersTests {
  @Test func `beyond five robust standard deviations a value is flagged`() {
    // The median is 10 and the MAD 1, so that the limit is 7.413.
    let values = [8.0, 9, 9, 10, 10, 11, 11, 12]
    #expect(Outliers.indices(values + [17.4]) == [])
    #expect(Outliers.indices(values + [17.5]) == [8])
    #expect(Outliers.indices([2.5] + values) == [0])
  }

  @Test func `where most values are equal, a small difference is none, and a large one is`() {
    #expect(Outliers.indices([1000, 1000, 1000, 1001]) == [])
    #expect(Outliers.indices([Double](repeating: 5, count: 9) + [500]) == [9])
    #expect(Outliers.indices([7, 7, 7]) == [])
    #expect(Outliers.indices([]) == [])
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `unit and origin do not matter`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let values = (0..<12).map { _ in Double(Int.random(in: 0...9, using: &random)) }
    let wild = values + [Double(Int.random(in: 10...90, using: &random))]
    #expect(Outliers.indices(wild.map { 64 - $0 * 8 }) == Outliers.indices(wild))
  }

  @Test func `outliers are flagged by block on both sides, and counted like all others`() throws {
    let calm = [100.0, 101, 102, 103, 104, 105, 106]
    let judgement = try #require(try ComparisonFixture.judge(calm + [900], [20] + calm))
    #expect(judgement.candidate.outliers == [7] && judgement.baseline.outliers == [0])
    #expect(judgement.candidate.count == 8 && judgement.effect?.pairs == 8)
  }
}
