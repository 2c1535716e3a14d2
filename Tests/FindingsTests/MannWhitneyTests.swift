import Model
import Testing

@testable import Findings

struct MannWhitneyTests {
  private func numbers(_ field: String) throws -> [Double] {
    try field.split(separator: " ").map { try #require(Double($0)) }
  }

  @Test func `probabilities are SciPy's: exact ones, and for many pairs those that ties leave`() throws {
    let table = try ReferenceTable("mann_whitney").rows
    #expect(table.count == 81)
    for row in table {
      let first = try #require(Int(row[0]))
      let second = try #require(Int(row[1]))
      let values = row[4].isEmpty ? (0..<first).map(Double.init) : try numbers(row[4])
      let baselines = row[5].isEmpty ? (0..<second).map(Double.init) : try numbers(row[5])
      let own = MannWhitney(values, baselines).probability(atMost: try #require(Int(row[2])))
      #expect(try abs(own - #require(Double(row[3]))) < 1e-10, "\(row.prefix(4))")
    }
  }

  @Test(arguments: [(1, 1), (1, 4), (2, 3), (3, 3), (4, 4), (5, 3)])
  func `the distribution is that of all orders`(first: Int, second: Int) {
    var counts = [Int](repeating: 0, count: first * second + 1)
    for subset in 0..<1 << (first + second) where subset.nonzeroBitCount == first {
      // Set bits are values of the first sample; each beats the unset bits below it.
      let places = (0..<first + second).filter { subset >> $0 & 1 == 1 }
      counts[places.enumerated().reduce(0) { $0 + $1.element - $1.offset }] += 1
    }
    let orders = Double(counts.reduce(0, +))
    let distribution = MannWhitney((0..<first).map(Double.init), (0..<second).map(Double.init))
    var below = 0
    for (sum, count) in counts.enumerated() {
      below += count
      #expect(abs(distribution.probability(atMost: sum) - Double(below) / orders) < 1e-12)
    }
    #expect(distribution.probability(atMost: -1) == 0)
    #expect(abs(MannWhitney.smallestProbability(first, second) - 1 / orders) < 1e-12)
  }

  @Test func `exact and normal distributions meet where one gives way to the other`() {
    let many = (0..<50).map(Double.init)
    let exact = MannWhitney(many, many)
    let normal = MannWhitney(many, many + [50])
    for share in [0.2, 0.3, 0.4, 0.6] {
      let (left, right) = (Int(share * 2500), Int(share * 2550))
      #expect(abs(exact.probability(atMost: left) - normal.probability(atMost: right)) < 0.003)
    }
  }

  @Test func `effects between two samples are those that SciPy's test does not reject`() throws {
    let table = try ReferenceTable("unpaired_effect").rows
    #expect(table.count == 9)
    for row in table {
      let effect = try #require(
        try UnpairedEffect.estimate(try numbers(row[0]), baselines: try numbers(row[1])))
      for (own, field) in zip([effect.change, effect.low, effect.high], row[2...]) {
        let expected = try ReferenceTable.number(field)
        #expect((own == nil) == (expected == nil), "\(row)")
        if let own, let expected { #expect(abs(own - expected) < 1e-12, "\(row)") }
      }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `differences found by bisection are those of the sorted list`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let samples = (0..<2).map { _ in
      (0..<Int.random(in: 1...15, using: &random)).map { _ in
        Double(Int.random(in: -4...4, using: &random)) / 2
      }
    }
    let list = samples[0].flatMap { value in samples[1].map { value - $0 } }.sorted()
    let differences = PairwiseDifferences(samples[0], less: samples[1])
    #expect(list.indices.map(differences.value(at:)) == list)
    #expect(differences.median == Median.middle(of: list))
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `swapping the samples mirrors centre and interval, ties or not`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed, stream: 2)
    let samples = (0..<2).map { _ in
      (0..<Int.random(in: 4...12, using: &random)).map { _ in
        Double(Int.random(in: 1...6, using: &random))
      }
    }
    let one = try TwoSampleShift.shift(samples[0], baselines: samples[1])
    let other = try TwoSampleShift.shift(samples[1], baselines: samples[0])
    #expect(one.centre == -other.centre)
    #expect(one.low == other.high.map { 0 - $0 } && one.high == other.low.map { 0 - $0 })
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `what lies at a limit counts against a change on either side`(seed: UInt64) {
    var random = SeededRandom(seed: seed, stream: 4)
    let samples = (0..<2).map { _ in
      (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Double(Int.random(in: 1...4, using: &random))
      }
    }
    let there = UnpairedSample(samples[0], samples[1])
    let back = UnpairedSample(samples[1], samples[0])
    for limit in -3...3 {
      #expect(there.probability(above: Double(limit)) == back.probability(below: Double(-limit)))
      #expect(
        there.probability(above: Double(limit)) >= there.probability(above: Double(limit) - 0.5))
    }
  }

  @Test func `what no statistic can be made of is refused, and too few say how many it takes`() throws {
    #expect(throws: FindingsError.noValues) { try UnpairedEffect.estimate([], baselines: [1]) }
    #expect(throws: FindingsError.notFinite(index: 2)) {
      try UnpairedEffect.estimate([1, 2], baselines: [.nan])
    }
    #expect(throws: FindingsError.confidence(0)) {
      try TwoSampleShift.shift([1], baselines: [1], confidence: 0)
    }
    #expect(
      try UnpairedEffect.estimate([1, 2, 3], baselines: [1, 2, 3])?.note
        == "needs 4 trials a side for a 95 % interval")
    #expect(try UnpairedEffect.estimate([1, 2], baselines: [0, 0]) == nil)
  }
}
