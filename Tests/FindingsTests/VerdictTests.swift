import Model
import Testing

@testable import Findings

struct VerdictTests {
  private func judge(
    _ count: Int, factor: Double, scatter: Double = 0.005, seed: UInt64 = 1,
    metric: MetricID = "peak_resident", rule: ThresholdRule = ThresholdRule(absolute: 0)
  ) throws -> Judgement {
    let pairs = ComparisonFixture.pairs(count, factor: factor, scatter: scatter, seed: seed)
    return try #require(
      try ComparisonFixture.judge(pairs.values, pairs.baselines, metric: metric, rule: rule))
  }

  @Test func `p-values of a change beyond a threshold are SciPy's`() throws {
    let table = try ReferenceTable("verdict_probability").rows
    #expect(table.count == 27)
    for row in table {
      let pairs = try row[0].split(separator: " ").map { pair in
        let numbers = try pair.split(separator: ":").map { try #require(Double($0)) }
        return PairedEffect.Pair(value: numbers[0], baseline: numbers[1])
      }
      let contrast = Contrast(paired: pairs)
      let threshold = Threshold(relative: try #require(Double(row[1])))
      #expect(try abs(contrast.probability(above: threshold) - #require(Double(row[2]))) < 1e-10, "\(row)")
      #expect(try abs(contrast.probability(below: threshold) - #require(Double(row[3]))) < 1e-10, "\(row)")
    }
  }

  @Test func `five per cent more is a regression, five less an improvement, half of one the same`() throws {
    #expect(try judge(12, factor: 1.05).verdict == .regression)
    #expect(try judge(12, factor: 0.95).verdict == .improvement)
    #expect(try judge(12, factor: 1.005).verdict == .same)
    let throughput = try judge(12, factor: 1.2, metric: "throughput")
    #expect(throughput.verdict == .improvement)
    #expect(try judge(12, factor: 0.8, metric: "throughput").verdict == .regression)
  }

  @Test func `a rule turns the direction around`() throws {
    let rule = ThresholdRule(absolute: 0, better: .higher)
    #expect(try judge(12, factor: 1.05, rule: rule).verdict == .improvement)
  }

  @Test func `noise as large as the threshold is inconclusive, and enough trials are not missing`() throws {
    let judgement = try judge(12, factor: 1.02, scatter: 0.1)
    #expect(judgement.verdict == .inconclusive && judgement.missing == 0)
    #expect(try #require(judgement.detectable) > 0.02)
  }

  @Test(arguments: 1...4)
  func `fewer trials than a verdict needs are inconclusive, and it says how many are missing`(
    count: Int
  ) throws {
    let judgement = try judge(count, factor: 3, scatter: 0)
    #expect(judgement.verdict == .inconclusive && judgement.missing == 5 - count)
    #expect(try judge(5, factor: 3, scatter: 0).verdict == .regression)
  }

  @Test func `a hundred comparisons need eleven trials each`() throws {
    func verdicts(_ trials: Int) throws -> ComparisonResult {
      let cells = (0..<100).flatMap { index -> [MeasuredCell] in
        let pairs = ComparisonFixture.pairs(trials, factor: 2, scatter: 0, seed: UInt64(index))
        return [(Fixture.glibc, pairs.baselines), (Fixture.jemalloc, pairs.values)].map { variant, values in
          let subject = Subject.workload(
            id: "w", parameters: [Parameter(name: "size", value: Int64(index))])
          let cell = Cell(subject: subject, variant: variant, settings: .none)
          return ComparisonFixture.measured(cell, ["peak_resident": values])
        }
      }
      return try Comparing.variants(ComparisonFixture.measurements(cells), reference: Fixture.glibc)
    }
    let few = try verdicts(10)
    #expect(few.gating(.inconclusive).count == 100)
    #expect(few.judgements.allSatisfy { $0.missing == 1 })
    #expect(try verdicts(11).gating(.regression).count == 100)
  }

  @Test func `exactly the threshold is not beyond it`() throws {
    let baselines = (1...12).map { Double($0) * 1e7 }
    for factor in [1.02, 1 / 1.02] {
      #expect(try ComparisonFixture.judge(baselines.map { $0 * factor }, baselines)?.verdict == .same)
    }
  }

  @Test func `a change below the absolute part is never a regression, however large its share`() throws {
    let baselines = (0..<12).map { 1_000_000 + Double($0) * 4096 }
    let grown = baselines.map { $0 + 200_000 }
    let standard = try #require(try ComparisonFixture.judge(grown, baselines, rule: ThresholdRule()))
    #expect(standard.verdict == .same)
    #expect(try #require(standard.effect).change > 0.15)
    #expect(try ComparisonFixture.judge(grown, baselines)?.verdict == .regression)
    let beyond = baselines.map { $0 + 300_000 }
    #expect(try ComparisonFixture.judge(beyond, baselines, rule: ThresholdRule())?.verdict == .regression)
    // On either side of 256 KiB from block to block it can be neither.
    let around = baselines.enumerated().map { $1 + ($0.isMultiple(of: 2) ? 100_000 : 420_000) }
    #expect(
      try ComparisonFixture.judge(around, baselines, rule: ThresholdRule())?.verdict == .inconclusive)
  }

  @Test func `equal values are the same as soon as an interval says so, and not before`() throws {
    let equal = [Double](repeating: 7e6, count: 5)
    let judgement = try #require(try ComparisonFixture.judge(equal, equal))
    #expect(judgement.verdict == .same)
    // Without scatter whatever is not tolerated is found.
    #expect(try abs(#require(judgement.detectable) - judgement.threshold.relative) < 1e-12)
    let few = try #require(try ComparisonFixture.judge(Array(equal.prefix(4)), Array(equal.prefix(4))))
    #expect(few.verdict == .inconclusive && few.missing == 1)
  }

  @Test func `zeros on both sides are the same, and something where there was nothing is a regression`()
    throws
  {
    let zeros = [Double](repeating: 0, count: 6)
    let same = try #require(try ComparisonFixture.judge(zeros, zeros))
    #expect(same.verdict == .same && same.effect?.change == 0)
    let new = try #require(try ComparisonFixture.judge([1, 2, 3, 4, 5, 6].map { $0 * 1e6 }, zeros))
    #expect(new.verdict == .regression && new.effect == nil && new.difference.centre == 3.5e6)
    #expect(new.notes == ["every value compared with is 0, and nothing is a share of that"])
    let gone = try #require(try ComparisonFixture.judge(zeros, [1, 2, 3, 4, 5, 6].map { $0 * 1e6 }))
    #expect(gone.verdict == .improvement)
    let some = try #require(try ComparisonFixture.judge([0, 0, 0, 1, 0, 0], zeros))
    #expect(some.verdict == .inconclusive)
  }

  @Test func `a threshold below nothing or without number is refused`() {
    for value in [-0.1, .nan, .infinity] {
      #expect(throws: FindingsError.self) {
        try ComparisonFixture.judge([1, 2], [1, 2], rule: ThresholdRule(relative: value))
      }
    }
  }

  @Test func `how far beyond its limit a change is found is as NumPy draws it`() throws {
    let rows = try ReferenceTable("detection_reach").rows
    #expect(rows.count == 22)
    for row in rows {
      let first = try #require(Int(row[0]))
      let second = try #require(Int(row[1]))
      let level = try #require(Double(row[2]))
      let reach =
        second == 0
        ? DetectionReach.paired(first, level: level) : DetectionReach.unpaired(first, second, level: level)
      guard let expected = try ReferenceTable.number(row[3]) else {
        #expect(reach == nil, "\(row)")
        continue
      }
      #expect(try abs(#require(reach) / expected - 1) < 0.06, "\(row), not \(reach ?? 0)")
    }
  }

  @Test func `what is detectable lies beyond both parts of a threshold, and further among more comparisons`()
    throws
  {
    let few = try judge(12, factor: 1, rule: ThresholdRule(relative: 0.02, absolute: 0))
    #expect(try #require(few.detectable) > 0.02)
    // A tenth of 100 MB is more than 2 % of them.
    let floor = try judge(12, factor: 1, rule: ThresholdRule(relative: 0.02, absolute: 1e7))
    #expect(try #require(floor.detectable) > 0.08 && #require(floor.detectable) > #require(few.detectable))
    let contrast = Contrast(paired: (1...12).map { .init(value: 100 + Double($0 % 3), baseline: 101) })
    let threshold = Threshold(relative: 0.02)
    let alone = try #require(DetectableChange.estimate(contrast, beyond: threshold, level: 0.05))
    let among = try #require(DetectableChange.estimate(contrast, beyond: threshold, level: 0.05 / 50))
    #expect(among > alone)
    #expect(DetectableChange.estimate(contrast, beyond: threshold, level: 0.05 / 500) == nil)
  }

  @Test func `what only informs costs the gate nothing`() throws {
    let pairs = ComparisonFixture.pairs(5, factor: 2, scatter: 0, seed: 4)
    let names: [MetricID] = ["peak_resident", "wall", "throughput"]
    let cells = [("base", pairs.baselines), ("new", pairs.values)].map { name, values in
      ComparisonFixture.measured(
        ComparisonFixture.arm(name), Dictionary(uniqueKeysWithValues: names.map { ($0, values) }))
    }
    let judgements = try Comparing.arms(
      ComparisonFixture.measurements(cells), base: "base", candidate: "new"
    ).judgements
    #expect(judgements.map(\.verdict) == [.regression, .inconclusive, .inconclusive])
    #expect(judgements.map(\.missing) == [0, 1, 1])
    #expect(judgements[0].adjustedP == AdjustedP(regression: 1.0 / 32, improvement: 1))
  }
}
