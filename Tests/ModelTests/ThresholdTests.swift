import Foundation
import Model
import Testing

struct ThresholdTests {
  private let cell = Cell(
    subject: .workload(id: "larson", parameters: []),
    variant: Variant(libc: .musl, linkage: .static, allocator: "musl"), settings: .none)

  private func metric(
    _ id: MetricID, _ unit: MetricUnit, _ better: Direction = .lower
  ) -> MetricDefinition {
    MetricDefinition(id: id, title: "", explanation: "", unit: unit, better: better)
  }

  @Test func `resident, CPU, wall, latencies and counts have the thresholds of the methodology`() {
    let resident = Threshold.standard(for: metric("peak_resident", .bytes))
    #expect(resident == Threshold(relative: 0.02, absolute: 262_144, gates: true))
    #expect(Threshold.standard(for: metric("cpu", .seconds)) == Threshold(relative: 0.03, gates: true))
    #expect(Threshold.standard(for: metric("wall", .seconds)) == Threshold(relative: 0.05))
    #expect(Threshold.standard(for: metric("malloc_p99", .nanoseconds)) == Threshold(relative: 0.1))
    #expect(
      Threshold.standard(for: metric("mallocs", .count))
        == Threshold(relative: 0.005, gates: true, lane: .exact))
    #expect(Threshold.standard(for: metric("throughput", .perSecond, .higher)).better == .higher)
    #expect(!Threshold.standard(for: metric("switches_involuntary", .count)).gates)
  }

  @Test func `a rule changes what it names where it matches, and the later one has the last word`() {
    let thresholds = Thresholds(rules: [
      ThresholdRule(metric: "cpu", relative: 0.5, gates: false),
      ThresholdRule(workload: "larson", metric: "cpu", relative: 0.1),
      ThresholdRule(workload: "drip", relative: 0.9),
      ThresholdRule(settings: "tight", relative: 0.9),
      ThresholdRule(variant: Variant.pureGo, relative: 0.9),
    ])
    #expect(
      thresholds.threshold(for: metric("cpu", .seconds), of: cell)
        == Threshold(relative: 0.1, gates: false))
    #expect(thresholds.threshold(for: metric("wall", .seconds), of: cell) == Threshold(relative: 0.05))
    #expect(
      Thresholds.standard.threshold(for: metric("cpu", .seconds), of: cell)
        == .standard(for: metric("cpu", .seconds)))
  }

  @Test func `an arm's name is matched like a workload's`() {
    let arm = Cell(
      subject: .command(arm: "new", arguments: ["x"]), variant: cell.variant, settings: .none)
    #expect(ThresholdRule(workload: "new").matches("cpu", of: arm))
    #expect(!ThresholdRule(workload: "old").matches("cpu", of: arm))
  }

  @Test func `a measured cell is stored with metrics by name, and read back`() throws {
    let measured = MeasuredCell(
      cell: cell, readings: ["cpu": [.init(block: 3, value: 1.5)], "wall": []], trials: 4, failures: 1,
      isProven: false)
    let data = try JSONEncoder().encode(measured)
    #expect(try JSONDecoder().decode(MeasuredCell.self, from: data) == measured)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let readings = try #require(object["readings"] as? [String: Any])
    #expect(readings.keys.sorted() == ["cpu", "wall"])
  }

  @Test func `workloads are told apart by the parameters that differ`() {
    func larson(_ threads: Int64) -> Subject {
      .workload(
        id: "larson",
        parameters: [Parameter(name: "threads", value: threads), Parameter(name: "seed", value: 1)])
    }
    #expect(SubjectNames([larson(1), larson(4)]).name(of: larson(4)) == "larson threads=4")
    #expect(SubjectNames([larson(4)]).name(of: larson(4)) == "larson")
    #expect(SubjectNames([]).name(of: .command(arm: "new", arguments: [])) == "new")
  }
}
