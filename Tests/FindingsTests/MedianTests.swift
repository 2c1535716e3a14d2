import Foundation
import Model
import Testing

@testable import Findings

/// A line of Reference/median_interval.csv, which SciPy computed.
struct ReferenceLine: Sendable, CustomTestStringConvertible {
  let count: Int
  let confidence: Double
  let ranks: (low: Int, high: Int, coverage: Double)?

  var testDescription: String { "\(count) values at \(confidence)" }

  static func load() throws -> [ReferenceLine] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("Reference/median_interval.csv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      var ranks: (Int, Int, Double)?
      if !fields[2].isEmpty {
        ranks = (
          try #require(Int(fields[2])), try #require(Int(fields[3])), try #require(Double(fields[4]))
        )
      }
      return ReferenceLine(
        count: try #require(Int(fields[0])), confidence: try #require(Double(fields[1])), ranks: ranks)
    }
  }
}

struct MedianTests {
  private func values(_ seed: UInt64) -> [Double] {
    var random = SeededRandom(seed: seed)
    return (0..<Int.random(in: 1...60, using: &random)).map { _ in
      // Whole numbers from a small range bring ties.
      Bool.random(using: &random)
        ? Double(Int.random(in: -5...5, using: &random)) : .random(in: -1e6...1e6, using: &random)
    }
  }

  @Test func `the interval lies where SciPy puts it, with the same coverage`() throws {
    let lines = try ReferenceLine.load()
    #expect(lines.count == 280)
    for line in lines {
      let ranks = try Median.ranks(count: line.count, confidence: line.confidence)
      #expect(ranks?.low == line.ranks?.low, "\(line.testDescription)")
      #expect(ranks?.high == line.ranks?.high, "\(line.testDescription)")
      if let ranks, let expected = line.ranks {
        #expect(abs(ranks.coverage - expected.coverage) < 1e-12, "\(line.testDescription)")
      }
    }
  }

  @Test func `median and interval are values of the sample`() throws {
    let summary = try Median.interval([9, 1, 8, 2, 7, 3, 6, 4, 5, 10])
    #expect(summary == Summary(median: 5.5, low: 2, high: 9, note: nil))
    #expect(try Median.interval([3, 1, 2]).median == 2)
  }

  @Test(arguments: 1...5)
  func `fewer than six values have a median, no interval, and a note that says so`(count: Int) throws {
    let summary = try Median.interval((1...count).map(Double.init))
    #expect(summary.median == Double(count + 1) / 2)
    #expect(summary.low == nil && summary.high == nil)
    #expect(summary.note == "needs 6 trials for a 95 % interval")
  }

  @Test func `a higher level needs more trials`() throws {
    #expect(
      try Median.interval([1, 2, 3, 4, 5, 6], confidence: 0.99).note == "needs 8 trials for a 99 % interval")
    #expect(try Median.interval([1], confidence: 0.999).note == "needs 11 trials for a 99.9 % interval")
    // 1 − 2/32 exactly: five values reach this level, and only just.
    #expect(try Median.trialsNeeded(confidence: 0.9375) == 5)
    #expect(try Median.ranks(count: 5, confidence: 0.9375)?.coverage == 0.9375)
  }

  @Test func `no values, values that are no numbers and levels that are none are refused`() {
    #expect(throws: FindingsError.noValues) { try Median.interval([]) }
    #expect(throws: FindingsError.notFinite(index: 1)) { try Median.interval([1, .nan, 2]) }
    #expect(throws: FindingsError.notFinite(index: 2)) { try Median.interval([1, 2, -.infinity]) }
    for level in [0, 1, -0.5, 95, .nan] {
      #expect(throws: FindingsError.self) { try Median.interval([1, 2], confidence: level) }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the order of values does not matter`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed, stream: 1)
    let values = values(seed)
    #expect(try Median.interval(values) == Median.interval(values.shuffled(using: &random)))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `scaling the values scales the summary, and mirroring swaps its ends`(seed: UInt64) throws {
    let values = values(seed)
    let plain = try Median.interval(values)
    // Powers of two and signs are exact in floating point.
    let scaled = try Median.interval(values.map { $0 * 8 })
    #expect(scaled.median == plain.median * 8)
    #expect(scaled.low == plain.low.map { $0 * 8 } && scaled.high == plain.high.map { $0 * 8 })
    let mirrored = try Median.interval(values.map { -$0 })
    #expect(mirrored.median == -plain.median)
    #expect(mirrored.low == plain.high.map { -$0 } && mirrored.high == plain.low.map { -$0 })
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `raising one value lowers nothing`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed, stream: 2)
    var values = values(seed)
    let before = try Median.interval(values)
    values[Int.random(in: 0..<values.count, using: &random)] += .random(in: 0...1e5, using: &random)
    let after = try Median.interval(values)
    #expect(after.median >= before.median)
    #expect((after.low ?? 0) >= (before.low ?? 0))
    #expect((after.high ?? 0) >= (before.high ?? 0))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the interval holds the median and grows with the level`(seed: UInt64) throws {
    let values = values(seed)
    let narrow = try Median.interval(values, confidence: 0.9)
    let wide = try Median.interval(values, confidence: 0.99)
    guard let low = narrow.low, let high = narrow.high else {
      #expect(values.count < 5)
      return
    }
    #expect(low <= narrow.median && narrow.median <= high)
    if let lower = wide.low, let higher = wide.high { #expect(lower <= low && high <= higher) }
  }

  @Test func `the interval covers a skewed distribution's median as often as it says`() throws {
    var random = SeededRandom(seed: 42)
    let rounds = 4000
    let covered = try (0..<rounds).count { _ in
      // Log-uniform over six decades: its median is 1.
      let values = (0..<10).map { _ in pow(10, Double.random(in: -3...3, using: &random)) }
      let summary = try Median.interval(values)
      return try #require(summary.low) <= 1 && 1 <= #require(summary.high)
    }
    // Four standard errors around the exact coverage for ten values.
    let exact = try #require(try Median.ranks(count: 10)).coverage
    let error = 4 * (exact * (1 - exact) / Double(rounds)).squareRoot()
    #expect(abs(Double(covered) / Double(rounds) - exact) < error)
  }
}
