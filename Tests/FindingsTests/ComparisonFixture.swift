import Foundation
import Model

@testable import Findings

/// Measurements of two arms, and noise to make them from.
enum ComparisonFixture {
  static let resident = MetricDefinition(
    id: "peak_resident", title: "peak RSS", explanation: "", unit: .bytes, better: .lower)
  static let cpu = MetricDefinition(
    id: "cpu", title: "CPU", explanation: "", unit: .seconds, better: .lower)
  static let wall = Fixture.wall
  static let throughput = Fixture.throughput
  static let mallocs = MetricDefinition(
    id: "mallocs", title: "mallocs", explanation: "", unit: .count, better: .lower)
  static let definitions = [resident, cpu, wall, throughput, mallocs]

  static func arm(_ name: String) -> Cell {
    Cell(subject: .command(arm: name, arguments: [name]), variant: Fixture.glibc, settings: .none)
  }

  /// A cell with these values in blocks 0, 1, …
  static func measured(
    _ cell: Cell, _ values: [MetricID: [Double]], failures: Int = 0, isProven: Bool = true
  ) -> MeasuredCell {
    let readings = values.mapValues { list in
      list.enumerated().map { MeasuredCell.Reading(block: $0, value: $1) }
    }
    let trials = values.values.map(\.count).max() ?? 0
    return MeasuredCell(
      cell: cell, readings: readings, trials: trials + failures, failures: failures, isProven: isProven)
  }

  static func measurements(_ cells: [MeasuredCell]) -> Measurements {
    Measurements(cells: cells, definitions: definitions)
  }

  /// The judgement of one metric between two arms; by default it is judged as peak resident without floor.
  static func judge(
    _ values: [Double], _ baselines: [Double], metric: MetricID = "peak_resident",
    rule: ThresholdRule = ThresholdRule(absolute: 0)
  ) throws -> Judgement? {
    let cells = [
      measured(arm("base"), [metric: baselines]), measured(arm("new"), [metric: values]),
    ]
    return try Comparing.arms(
      measurements(cells), base: "base", candidate: "new", thresholds: Thresholds(rules: [rule])
    ).judgements.first
  }

  /// Pairs of positive values that scatter by some share, the first of them by a factor larger.
  static func pairs(
    _ count: Int, factor: Double, scatter: Double, seed: UInt64
  ) -> (values: [Double], baselines: [Double]) {
    var random = SeededRandom(seed: seed, stream: 9)
    let baselines = (0..<count).map { _ in 1e8 * Double.random(in: 0.8...1.2, using: &random) }
    let values = baselines.map {
      $0 * factor * exp(.random(in: -scatter...scatter, using: &random))
    }
    return (values, baselines)
  }
}
