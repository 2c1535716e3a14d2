import Model
import Testing

@testable import Findings

struct PairedEffectTests {
  private func pairs(_ values: [Double], _ baselines: [Double]) -> [PairedEffect.Pair] {
    zip(values, baselines).map { .init(value: $0, baseline: $1) }
  }

  private func noisy(_ seed: UInt64, count: Int = 10, factor: Double = 1) -> [PairedEffect.Pair] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in
      let baseline = Double.random(in: 50...200, using: &random)
      return .init(value: baseline * factor * .random(in: 0.95...1.05, using: &random), baseline: baseline)
    }
  }

  @Test func `effects are those that SciPy's test does not reject`() throws {
    let table = try ReferenceTable("paired_effect").rows
    #expect(table.count == 17)
    for row in table {
      let pairs = try row[1].split(separator: " ").map { pair in
        let numbers = try pair.split(separator: ":").map { try #require(Double($0)) }
        return PairedEffect.Pair(value: numbers[0], baseline: numbers[1])
      }
      let effect = try #require(try PairedEffect.estimate(pairs))
      #expect(effect.pairs == pairs.count)
      for (own, field) in zip([effect.change, effect.low, effect.high], row[2...]) {
        let expected = try ReferenceTable.number(field)
        #expect((own == nil) == (expected == nil), "\(row)")
        if let own, let expected { #expect(abs(own - expected) < 1e-12, "\(row)") }
      }
    }
  }

  @Test func `twice as much in every block is plus 100 per cent, whatever the blocks are like`() throws {
    let effect = try PairedEffect.estimate(pairs([2, 20, 200, 6, 60, 600], [1, 10, 100, 3, 30, 300]))
    #expect(try abs(#require(effect).change - 1) < 1e-12)
    #expect(effect?.isMeasurable == true)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `the unit does not matter, and the way back is the inverse`(seed: UInt64) throws {
    let pairs = noisy(seed, factor: 1.3)
    let plain = try #require(try PairedEffect.estimate(pairs))
    let scaled = try #require(
      try PairedEffect.estimate(pairs.map { .init(value: $0.value * 1024, baseline: $0.baseline * 1024) }))
    #expect(abs(scaled.change - plain.change) < 1e-12)
    let back = try #require(
      try PairedEffect.estimate(pairs.map { .init(value: $0.baseline, baseline: $0.value) }))
    for (way, reverse) in [(plain.change, back.change), (try #require(plain.high), try #require(back.low))] {
      let product = (1 + way) * (1 + reverse)
      #expect(abs(product - 1) < 1e-12)
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `raising one value lowers nothing`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed, stream: 3)
    var pairs = noisy(seed)
    let before = try #require(try PairedEffect.estimate(pairs))
    let place = Int.random(in: 0..<pairs.count, using: &random)
    pairs[place] = .init(value: pairs[place].value * 1.5, baseline: pairs[place].baseline)
    let after = try #require(try PairedEffect.estimate(pairs))
    #expect(after.change >= before.change)
    #expect(try #require(after.low) >= #require(before.low))
    #expect(try #require(after.high) >= #require(before.high))
  }

  @Test(arguments: 1...5)
  func `fewer than six pairs have a change, no interval, and a note that says so`(count: Int) throws {
    let effect = try #require(try PairedEffect.estimate(noisy(1, count: count)))
    #expect(effect.low == nil && effect.high == nil && effect.isMeasurable == nil)
    #expect(effect.pairs == count)
    #expect(effect.note == "needs 6 pairs for a 95 % interval")
  }

  @Test func `zeros on both sides everywhere are no change`() throws {
    let zeros = [Double](repeating: 0, count: 6)
    let effect = try PairedEffect.estimate(pairs(zeros, zeros))
    #expect(effect == Effect(change: 0, low: 0, high: 0, pairs: 6, note: "0 in every trial"))
    #expect(effect?.isMeasurable == false)
  }

  @Test func `equal counts in every block are no change, however constant`() throws {
    let counts = [Double](repeating: 17, count: 6)
    #expect(try PairedEffect.estimate(pairs(counts, counts))?.isMeasurable == false)
    #expect(try PairedEffect.estimate(pairs(counts.map { $0 + 1 }, counts))?.isMeasurable == true)
  }

  @Test func `where some values are 0 the differences are compared with the mean`() throws {
    let effect = try #require(
      try PairedEffect.estimate(pairs([0, 1, 2, 3, 4, 5], [10, 11, 12, 13, 14, 15])))
    #expect(abs(effect.change + 0.8) < 1e-12)
    #expect(effect.isMeasurable == true)
    #expect(effect.note == "some values are 0: differences relative to the mean, instead of ratios")
  }

  @Test func `a single 0 among few pairs carries both doubts`() throws {
    let note = try PairedEffect.estimate(pairs([0, 3], [1, 2]))?.note
    #expect(note?.hasPrefix("needs 6 pairs for a 95 % interval; some values are 0") == true)
  }

  @Test func `nothing is a share of nothing`() throws {
    #expect(try PairedEffect.estimate(pairs([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0])) == nil)
  }

  @Test func `no pairs and values that are no numbers are refused`() {
    #expect(throws: FindingsError.noValues) { try PairedEffect.estimate([]) }
    #expect(throws: FindingsError.notFinite(index: 1)) {
      try PairedEffect.estimate(pairs([1, 2], [1, .nan]))
    }
  }
}
