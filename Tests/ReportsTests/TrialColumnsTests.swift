import Foundation
import Model
import Testing

@testable import Reports

@Suite struct TrialColumnsTests {
  private static let cell = Cell(
    subject: .command(arm: "a", arguments: ["a"]), variant: SyntheticPage.variants[0], settings: .none)

  private static func trial(_ block: Int, _ value: Double?, outcome: Outcome = .ok) -> Trial {
    Trial(
      cellKey: cell.key, block: block, position: 0, startedAt: 0, outcome: outcome, message: nil,
      stderrTail: "",
      values: value.map { ["peak_resident": .value($0, .counted)] } ?? [:], series: nil, identity: .unknown,
      conditions: [:])
  }

  private static func columns(_ values: [Double?]) -> TrialColumns {
    var columns = TrialColumns()
    for (block, value) in values.enumerated() { columns.add(trial(block, value)) }
    return columns
  }

  @Test func `warm-up does not count`() {
    var columns = TrialColumnsTests.columns([9, 1])
    columns.add(TrialColumnsTests.trial(-1, 0.1))
    #expect(columns.count == 2)
  }

  @Test(
    arguments: [
      [21_000_000, 21_004_096, nil, 0, 21_000_000], [0.412_345_678, 0.000_000_001, 12.5, nil],
      [1.0 / 3, 0.1 + 0.2, 2], [-4096, 4096, -1], [9_007_199_254_740_991, 1],
    ] as [[Double?]])
  func `values come back from the data of the page, whole numbers exactly`(values: [Double?]) throws {
    let found = try TrialColumnsTests.decoded(TrialColumnsTests.columns(values))
    for (value, wanted) in zip(found, values) {
      let isWhole = wanted.map { $0 == $0.rounded() } ?? true
      let near = value.flatMap { value in wanted.map { abs(value - $0) <= 1e-9 * abs($0) } } ?? false
      #expect(value == wanted || (near && !isWhole))
    }
    #expect(values.dropFirst(found.count).allSatisfy { $0 == nil })
  }

  /// Unpacks the data as the script of the page does.
  private static func decoded(_ columns: TrialColumns) throws -> [Double?] {
    let definition = MetricDefinition(
      id: "peak_resident", title: "peak", explanation: "", unit: .bytes, better: .lower)
    let result = CellResult(
      cell: cell, identity: .unknown, outcomes: [OutcomeCount(outcome: .ok, count: 1)], messages: [],
      metrics: [SampleCells.figure(definition, [1], .counted)])
    let session = SessionResult(session: SampleSession.result.session, cells: [result], notes: [])
    let view = try SessionView(PageContents(result: session, trials: columns), options: ReportOptions())
    return try PageData(TrialData(view: view).json.text).values(cell: 0, metric: 0)
  }
}

/// The trials of a page, unpacked.
struct PageData {
  /// As much of a cell as the values need.
  private struct Cell: Decodable {
    let v: [[Double?]]
  }

  /// Title, unit and scale of a metric: the scale is the only number among them.
  private struct Metric: Decodable {
    let scale: Double

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      _ = try values.decode(String.self)
      _ = try values.decode(String.self)
      scale = try values.decode(Double.self)
    }
  }

  private struct Document: Decodable {
    let metrics: [Metric]
    let cells: [Cell]
  }

  private let document: Document

  init(_ json: String) throws { document = try JSONDecoder().decode(Document.self, from: Data(json.utf8)) }

  var count: Int { document.cells.count }

  func values(cell: Int, metric: Int) throws -> [Double?] {
    let scale = document.metrics[metric].scale
    var sum = 0.0
    return document.cells[cell].v[metric].map { value in
      guard let value, scale > 0 else { return value }
      sum += value
      return sum / scale
    }
  }
}
