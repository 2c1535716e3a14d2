import Foundation
import Model
import Testing

@testable import Reports

/// Formats that carry one session's figures to other tools.
@Suite struct ExchangeTests {
  private static let ids = [
    "bencher", "benchstat", "github-action-benchmark", "github-action-benchmark-bigger", "openmetrics",
    "prometheus",
  ]

  private static func text(_ format: String, _ result: SessionResult, _ metrics: [MetricID]? = nil) throws
    -> String
  {
    try ReportRegistry.format(named: format).render(result, options: ReportOptions(metrics: metrics))
  }

  @Test(arguments: ids)
  func `figures for other tools stay as they were recorded`(format: String) throws {
    let metrics: [MetricID] = ["peak_resident", "time_per_op", "throughput", "retained_resident"]
    var few = SampleSession.result
    few.cells = few.cells.enumerated().filter { [0, 3, 5, 6, 8].contains($0.offset) }.map(\.element)
    let ending = try ReportRegistry.format(named: format).fileExtension
    try Golden.expect(ExchangeTests.text(format, few, metrics), is: "exchange-\(format).\(ending)")
  }

  @Test(arguments: ids)
  func `nothing hidden gets through, and only finite figures of trials that ended ok`(format: String) throws {
    let text = try ExchangeTests.text(format, HostileSession.result)
    #expect(!text.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) })
    #expect(text.firstMatch(of: /\b(nan|inf|null)\b/) == nil)
  }

  /// One entry of github-action-benchmark, with the keys its documents name.
  private struct Entry: Decodable {
    let name: String
    let unit: String
    let value: Double
    let range: String?
    let extra: String
  }

  @Test func `github-action-benchmark gets each metric in the file of its direction`() throws {
    let names = try ["github-action-benchmark", "github-action-benchmark-bigger"].map { format in
      let text = try ExchangeTests.text(format, SampleSession.result)
      return try JSONDecoder().decode([Entry].self, from: Data(text.utf8)).map(\.name)
    }
    #expect(
      names[0].allSatisfy { !$0.hasSuffix(" throughput") } && names[0].contains { $0.hasSuffix(" cpu") })
    #expect(names[1].allSatisfy { $0.hasSuffix(" throughput") } && !names[1].isEmpty)
    #expect(Set(names[0]).count == names[0].count)
  }

  @Test func `the range of github-action-benchmark is the wider side of the interval`() throws {
    let text = try ExchangeTests.text("github-action-benchmark", SampleSession.result, ["peak_resident"])
    let first = try #require(try JSONDecoder().decode([Entry].self, from: Data(text.utf8)).first)
    let summary = try #require(SampleSession.result.cells[0].metric("peak_resident")?.summary)
    #expect(first.value == summary.median && first.unit == "B")
    let half = max(summary.median - (summary.low ?? 0), (summary.high ?? 0) - summary.median)
    #expect(first.range == "± \(NumberText.shortest(half))")
    #expect(first.name == "larson:threads=4,chunks=5000,seed=1 glibc/dynamic peak_resident")
  }

  @Test func `Bencher gets medians with interval in base units`() throws {
    struct Measure: Decodable {
      let value: Double
      let lower_value: Double?
      let upper_value: Double?
    }
    let text = try ExchangeTests.text("bencher", SampleSession.result)
    let document = try JSONDecoder().decode([String: [String: Measure]].self, from: Data(text.utf8))
    // Three of the 24 cells have no trial that ended ok, and another timed out.
    #expect(document.count == 20)
    let cell = try #require(document["larson:threads=4,chunks=5000,seed=1 musl/static"])
    let summary = try #require(SampleSession.result.cells[3].metric("time_per_op")?.summary)
    let measure = try #require(cell["time-per-op"])
    #expect(measure.value == summary.median / 1e9 && measure.lower_value == summary.low.map { $0 / 1e9 })
    #expect(cell["malloc-p99"] == nil)
  }

  @Test func `figures whose allocator is not proved say so wherever they go`() throws {
    var result = SampleSession.result
    result.cells = result.cells.filter { !$0.identity.verified && !$0.isFailed }
    #expect(!result.cells.isEmpty)
    let marks = [
      "bencher": "allocator not proved", "benchstat": "/proved=no/", "github-action-benchmark": "not proved",
      "openmetrics": "proved=\"no\"", "prometheus": "proved=\"no\"",
    ]
    for (format, mark) in marks {
      #expect(try ExchangeTests.text(format, result).contains(mark))
      var proved = result
      for index in proved.cells.indices { proved.cells[index].identity.verified = true }
      #expect(!(try ExchangeTests.text(format, proved)).contains(mark))
    }
  }
}
