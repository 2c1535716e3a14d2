import Foundation
import Model
import Testing

@testable import Findings

struct HodgesLehmannTests {
  private func values(_ seed: UInt64, count: ClosedRange<Int> = 1...40) -> [Double] {
    var random = SeededRandom(seed: seed)
    return (0..<Int.random(in: count, using: &random)).map { _ in
      // Small whole numbers bring ties and zeros of both signs.
      Bool.random(using: &random)
        ? Double(Int.random(in: -3...3, using: &random)) * (Bool.random(using: &random) ? 1 : -1)
        : .random(in: -1e3...1e3, using: &random)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `averages found by bisection are those of the sorted list`(seed: UInt64) {
    let values = values(seed)
    let averages = WalshAverages(values)
    let list = values.indices.flatMap { left in
      (left..<values.count).map { values[left] / 2 + values[$0] / 2 }
    }.sorted()
    #expect(averages.count == list.count)
    #expect(list.indices.map(averages.value(at:)) == list)
    #expect(averages.median == Median.middle(of: list))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `order does not matter, mirroring swaps the ends, and scaling scales`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed, stream: 1)
    let values = values(seed)
    let plain = try HodgesLehmann.shift(values)
    #expect(try HodgesLehmann.shift(values.shuffled(using: &random)) == plain)
    let mirrored = try HodgesLehmann.shift(values.map { $0 * -8 })
    #expect(mirrored.centre == plain.centre * -8)
    #expect(mirrored.low == plain.high.map { $0 * -8 } && mirrored.high == plain.low.map { $0 * -8 })
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `the interval holds the centre and grows with the level`(seed: UInt64) throws {
    let values = values(seed, count: 8...40)
    let narrow = try HodgesLehmann.shift(values, confidence: 0.9)
    let wide = try HodgesLehmann.shift(values, confidence: 0.99)
    #expect(try #require(narrow.low) <= narrow.centre && narrow.centre <= #require(narrow.high))
    #expect(try #require(wide.low) <= #require(narrow.low))
    #expect(try #require(narrow.high) <= #require(wide.high))
  }

  @Test func `one wild difference moves neither centre nor ends far`() throws {
    var values = (1...12).map(Double.init)
    let before = try HodgesLehmann.shift(values)
    values[11] = 1e12
    let after = try HodgesLehmann.shift(values)
    #expect(after.centre - before.centre <= 1)
    #expect(try #require(after.high) < 12)
  }

  @Test func `the interval covers the centre of noisy pairs as often as it says`() throws {
    var random = SeededRandom(seed: 7)
    let rounds = 3000
    let covered = try (0..<rounds).count { _ in
      // The difference of two draws of one skewed distribution is symmetric around 0.
      let differences = (0..<10).map { _ in
        log(Double.random(in: 0.001...1, using: &random)) - log(.random(in: 0.001...1, using: &random))
      }
      let shift = try HodgesLehmann.shift(differences)
      return try #require(shift.low) <= 0 && 0 <= #require(shift.high)
    }
    let exact = try #require(try SignedRank.ranks(count: 10)).coverage
    let error = 4 * (exact * (1 - exact) / Double(rounds)).squareRoot()
    #expect(abs(Double(covered) / Double(rounds) - exact) < error)
  }

  @Test func `no differences and differences that are no numbers are refused`() {
    #expect(throws: FindingsError.noValues) { try HodgesLehmann.shift([]) }
    #expect(throws: FindingsError.notFinite(index: 1)) { try HodgesLehmann.shift([1, .infinity]) }
    #expect(throws: FindingsError.confidence(1)) { try HodgesLehmann.shift([1], confidence: 1) }
  }
}
