import Model
import Testing

@testable import Findings

/// A gate passes only what it has looked at.
struct GateGapsTests {
  private func cell(_ arm: String, _ values: [MetricID: [Double]], isProven: Bool = true) -> MeasuredCell {
    let cell = Cell(
      subject: .workload(id: arm, parameters: []), variant: Fixture.glibc, settings: .none)
    return ComparisonFixture.measured(cell, values, isProven: isProven)
  }

  private func gaps(
    _ old: [MeasuredCell], _ new: [MeasuredCell], rules: [ThresholdRule] = [], planned: [Cell] = []
  ) throws -> [String] {
    try Comparing.sessions(
      old: ComparisonFixture.measurements(old), oldName: "old", new: ComparisonFixture.measurements(new),
      newName: "new", thresholds: Thresholds(rules: rules), isGate: true, planned: planned
    ).gaps
  }

  private let values: [MetricID: [Double]] = [
    "peak_resident": [1e8, 1e8], "mallocs": [3, 3], "wall": [1, 1],
  ]

  @Test func `what has values on both sides leaves no gap, and what neither has is none`() throws {
    #expect(try gaps([cell("a", values)], [cell("a", values)]) == [])
    #expect(try gaps([cell("a", ["mallocs": [3, 3]])], [cell("a", ["mallocs": [4, 4]])]) == [])
  }

  @Test(arguments: ["peak_resident", "mallocs"] as [MetricID])
  func `a gating metric that one side lacks is named with that side`(metric: MetricID) throws {
    for (empty, side) in [([MetricID: [Double]](), "old"), ([metric: []], "old"), ([metric: [.nan]], "old")] {
      let less = values.filter { $0.key != metric }.merging(empty) { $1 }
      let found = try gaps([cell("a", less)], [cell("a", values)])
      #expect(found.count == 1 && found[0].hasPrefix("\(metric) of a|"), "\(found)")
      #expect(found[0].contains("which \(side) has no value of"), "\(found)")
    }
    let found = try gaps([cell("a", values)], [cell("a", values.filter { $0.key != metric })])
    #expect(found.count == 1 && found[0].contains("which new has no value of"), "\(found)")
  }

  @Test func `a metric that only informs may be missing`() throws {
    #expect(try gaps([cell("a", values.filter { $0.key != "wall" })], [cell("a", values)]) == [])
    let informs = [ThresholdRule(metric: "mallocs", gates: false)]
    let less = values.filter { $0.key != "mallocs" }
    #expect(try gaps([cell("a", less)], [cell("a", values)], rules: informs) == [])
  }

  @Test func `cells that the baseline lacks are gaps, also when the two share none`() throws {
    let both = try gaps([cell("a", values)], [cell("a", values), cell("b", values)])
    #expect(both.count == 1 && both[0].hasPrefix("b|") && both[0].contains("old does not have"), "\(both)")
    let none = try gaps([cell("a", values)], [cell("b", values)])
    #expect(none.count == 1 && none[0].hasPrefix("b|"), "\(none)")
    #expect(throws: FindingsError.self) {
      try Comparing.sessions(
        old: ComparisonFixture.measurements([cell("a", values)]), oldName: "old",
        new: ComparisonFixture.measurements([cell("b", values)]), newName: "new")
    }
  }

  @Test func `cells of the baseline are gaps where the plan has them and they were not measured`() throws {
    let old = [cell("a", values), cell("b", values)]
    #expect(try gaps(old, [cell("a", values)], planned: [old[0].cell]) == [])
    let found = try gaps(old, [cell("a", values)], planned: old.map(\.cell))
    #expect(found.count == 1 && found[0].hasPrefix("b|") && found[0].contains("its plan has it"), "\(found)")
  }

  @Test func `figures of which it is not verified whose they are leave a gap`() throws {
    let found = try gaps([cell("a", values, isProven: false)], [cell("a", values)])
    #expect(found.count == 1 && found[0].contains("not verified"), "\(found)")
  }

  @Test func `where nothing gates, or nobody has what a rule asks for, that is said`() throws {
    let nothing = try gaps([cell("a", values)], [cell("a", values)], rules: [ThresholdRule(gates: false)])
    #expect(nothing.count == 1 && nothing[0].contains("any figure that gates"), "\(nothing)")
    let asked = [ThresholdRule(metric: "cpu", gates: true)]
    let found = try gaps([cell("a", values)], [cell("a", values)], rules: asked)
    #expect(found.count == 1 && found[0].hasPrefix("cpu, which the thresholds let gate"), "\(found)")
    let elsewhere = [ThresholdRule(workload: "z", metric: "cpu", gates: true)]
    #expect(try gaps([cell("a", values)], [cell("a", values)], rules: elsewhere) == [])
  }

  @Test func `two arms without a common value do not pass, and other comparisons have no gaps`() throws {
    let cells = [
      ComparisonFixture.measured(ComparisonFixture.arm("base"), values),
      ComparisonFixture.measured(ComparisonFixture.arm("new"), [:], failures: 2),
    ]
    let measured = ComparisonFixture.measurements(cells)
    let gate = try Comparing.arms(measured, base: "base", candidate: "new", isGate: true)
    #expect(gate.gaps.count == 2 && gate.judgements.isEmpty, "\(gate.gaps)")
    #expect(try Comparing.arms(measured, base: "base", candidate: "new").gaps == [])
  }
}
