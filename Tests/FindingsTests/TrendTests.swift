import Model
import Testing

@testable import Findings

@Suite struct TrendTests {
  private static func reading(
    _ session: Int, _ middle: Double, cell: Cell = ComparisonFixture.arm("a"), facts: [String: String] = [:],
    files: [String: String] = [:], trials: Int = 8
  ) -> TrendReading {
    let machine = ["architecture": "x86_64", "cpu_model": "Example", "cores": "2", "kernel": "6.1"]
    return TrendReading(
      session: "s\(session)", startedAt: Double(session),
      fingerprint: Fingerprint(facts: machine.merging(facts) { $1 }, files: files), cell: cell,
      values: (0..<trials).map { middle * (1 + Double(($0 * 5 + session) % 7) / 1000) })
  }

  @Test func `each session is compared with the one before and with the first`() throws {
    let readings = [(1, 100.0), (2, 100), (3, 120), (4, 120)].map { TrendTests.reading($0, $1 * 1e6) }
    let points = try #require(try Trends.make(ComparisonFixture.resident, readings).series.first).points
    #expect(points.map(\.session) == ["s1", "s2", "s3", "s4"])
    #expect(points[0].sinceBefore == nil && points[0].sinceFirst == nil)
    #expect(points.dropFirst().map { $0.sinceBefore?.isMeasurable } == [false, true, false])
    #expect(points.dropFirst().map { $0.sinceFirst?.isMeasurable } == [false, true, true])
    #expect(abs((points[3].sinceFirst?.change ?? 0) - 0.2) < 0.01)
  }

  @Test func `readings may come in any order`() throws {
    let readings = [3, 1, 2].map { TrendTests.reading($0, Double($0)) }
    let trend = try Trends.make(ComparisonFixture.resident, readings)
    #expect(trend.series[0].points.map(\.session) == ["s1", "s2", "s3"])
  }

  @Test func `machines of different classes are never compared, except in counts`() throws {
    let readings = [
      TrendTests.reading(1, 1), TrendTests.reading(2, 9, facts: ["cpu_model": "Other"]),
      TrendTests.reading(3, 1), TrendTests.reading(4, 9, facts: ["cpu_model": "Other"]),
      TrendTests.reading(5, 9, facts: ["cores": "64"]),
    ]
    let trend = try Trends.make(ComparisonFixture.resident, readings)
    #expect(trend.series.map { $0.points.map(\.session) } == [["s1", "s3"], ["s2", "s4"]])
    #expect(trend.single == 1)
    #expect(try Trends.make(ComparisonFixture.mallocs, readings).series.map(\.points.count) == [5])
  }

  @Test func `another kernel or file goes on, and is said`() throws {
    let readings = [
      TrendTests.reading(1, 1, files: ["libjemalloc.so.2": "a"]),
      TrendTests.reading(2, 1, facts: ["kernel": "6.18"], files: ["libjemalloc.so.2": "b"]),
      TrendTests.reading(3, 1, facts: ["kernel": "6.18"], files: ["libjemalloc.so.2": "b"]),
    ]
    let points = try Trends.make(ComparisonFixture.resident, readings).series[0].points
    #expect(points.map(\.changes) == [[], ["kernel 6.1 → 6.18", "another build of libjemalloc.so.2"], []])
  }

  @Test func `other parameters, variants and assignments are other series`() throws {
    func cell(_ threads: Int64, _ variant: Variant, _ value: String) -> Cell {
      Cell(
        subject: .workload(id: "larson", parameters: [Parameter(name: "threads", value: threads)]),
        variant: variant,
        settings: SettingsSet(
          name: "s", environment: [EnvironmentAssignment(variable: "A", value: value)]))
    }
    let cells = [
      cell(1, Fixture.glibc, "1"), cell(2, Fixture.glibc, "1"), cell(1, Fixture.musl, "1"),
      cell(1, Fixture.glibc, "2"),
    ]
    let readings = [1, 2].flatMap { session in cells.map { TrendTests.reading(session, 1, cell: $0) } }
    #expect(try Trends.make(ComparisonFixture.resident, readings).series.count == 4)
  }

  @Test func `only the last sessions are kept, and then the first of those is the first`() throws {
    let readings = (1...5).map { TrendTests.reading($0, Double($0)) }
    let points = try Trends.make(ComparisonFixture.resident, readings, last: 2).series[0].points
    #expect(points.map(\.session) == ["s4", "s5"])
    #expect(points[1].sinceFirst == points[1].sinceBefore)
  }

  @Test func `too few trials give a change without interval, and no step`() throws {
    let readings = [1, 2].map { TrendTests.reading($0, Double($0), trials: 2) }
    let series = try Trends.make(ComparisonFixture.resident, readings).series[0]
    #expect(series.points[1].sinceBefore?.isMeasurable == nil)
    #expect(series.points[1].sinceBefore != nil && series.steps.isEmpty)
  }

  @Test func `times are shown with what they are worth`() throws {
    let readings = [1, 2].map { TrendTests.reading($0, 1) }
    #expect(try Trends.make(ComparisonFixture.cpu, readings).warnings.count == 1)
    #expect(try Trends.make(ComparisonFixture.resident, readings).warnings.isEmpty)
  }

  @Test func `one session only, and none, are refused with what to do`() throws {
    for readings in [[], [TrendTests.reading(1, 1)], [TrendTests.reading(1, 1, trials: 0)]] {
      #expect(throws: FindingsError.self) { try Trends.make(ComparisonFixture.resident, readings) }
    }
  }

  @Test func `values that are 0 have no relative change and stop nothing`() throws {
    let readings = [(1, 0.0), (2, 5), (3, 0)].map { TrendTests.reading($0, $1) }
    let points = try Trends.make(ComparisonFixture.mallocs, readings).series[0].points
    #expect(points[1].sinceBefore == nil)
    #expect(points[2].sinceBefore?.change != nil)
  }
}
