import Model
import Testing

@testable import Findings

struct SignedRankTests {
  @Test func `the interval lies where SciPy puts it, with the same coverage`() throws {
    let table = try ReferenceTable("signed_rank").rows
    #expect(table.count == 136)
    for row in table {
      let count = try #require(Int(row[0]))
      let ranks = try SignedRank.ranks(count: count, confidence: try #require(Double(row[1])))
      #expect(ranks?.low == Int(row[2]), "\(row)")
      #expect(ranks?.high == Int(row[3]), "\(row)")
      let coverage = try ReferenceTable.number(row[4])
      #expect((ranks == nil) == (coverage == nil), "\(row)")
      if let ranks, let coverage { #expect(abs(ranks.coverage - coverage) < 1e-10, "\(row)") }
    }
  }

  @Test(arguments: 0...12)
  func `the distribution is that of all subsets of the ranks`(count: Int) {
    var sums = [Int](repeating: 0, count: count * (count + 1) / 2 + 1)
    for subset in 0..<1 << count {
      sums[(0..<count).reduce(0) { $0 + (subset >> $1 & 1) * ($1 + 1) }] += 1
    }
    let cumulative = SignedRank.cumulative(count: count)
    #expect(cumulative.count == sums.count)
    var below = 0
    for (sum, probability) in zip(sums, cumulative) {
      below += sum
      #expect(abs(probability - Double(below) / Double(1 << count)) < 1e-12)
    }
  }

  @Test func `asking for the lower sums only gives the same probabilities`() {
    #expect(SignedRank.cumulative(count: 20, limit: 50) == Array(SignedRank.cumulative(count: 20)[...50]))
    #expect(SignedRank.cumulative(count: 3, limit: 99).count == 7)
  }

  @Test func `hundreds of pairs neither overflow nor lose coverage`() throws {
    let ranks = try #require(try SignedRank.ranks(count: 200))
    #expect(ranks.coverage >= 0.95 && ranks.coverage < 0.9501)
    #expect(ranks.low + ranks.high == 200 * 201 / 2 - 1)
  }

  @Test func `six pairs are needed at 95 per cent, more at a higher level`() throws {
    #expect(try SignedRank.pairsNeeded() == 6)
    #expect(try SignedRank.pairsNeeded(confidence: 0.99) == 8)
    #expect(throws: FindingsError.confidence(95)) { try SignedRank.ranks(count: 10, confidence: 95) }
  }
}
