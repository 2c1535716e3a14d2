import Foundation
import Model
import Testing

@testable import Reports

@Suite struct BenchstatTests {
  /// What a reader of Go's benchmark format gets, after golang.org/design/14313-benchmark-format.
  private struct Reading {
    var config: [String: String] = [:]
    var units: [String: String] = [:]
    var results: [(name: String, parts: [String: String], values: [String: Double])] = []
    var ignored: [String] = []

    init(_ text: String) {
      for line in text.split(separator: "\n").map(String.init) {
        let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
        if line.hasPrefix("Benchmark") {
          read(result: fields)
        } else if fields.count == 3, fields[0] == "Unit" {
          units[fields[1]] = fields[2]
        } else if let match = line.firstMatch(of: /^([\p{Ll}][^\s\p{Lu}:]*):[ \t]+(.*)$/) {
          config[String(match.1)] = String(match.2)
        } else {
          ignored.append(line)
        }
      }
    }

    /// `BenchmarkName/key=value… iterations (value unit)…`; a name that ends in `-N` tells GOMAXPROCS.
    private mutating func read(result fields: [String]) {
      guard fields.count >= 4, fields.count.isMultiple(of: 2), Int(fields[1]) != nil,
        fields[0].firstMatch(of: /-[0-9]+$/) == nil, fields[0].dropFirst(9).first?.isLowercase == false
      else {
        ignored.append(fields.joined(separator: " "))
        return
      }
      let parts = fields[0].split(separator: "/").dropFirst().compactMap { part -> (String, String)? in
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return pair.count == 2 ? (String(pair[0]), String(pair[1])) : nil
      }
      var values: [String: Double] = [:]
      for index in stride(from: 2, to: fields.count, by: 2) {
        values[fields[index + 1]] = Double(fields[index])
      }
      guard values.count * 2 + 2 == fields.count else { return ignored.append(fields[0]) }
      results.append((fields[0], Dictionary(parts) { $1 }, values))
    }
  }

  private static func reading(_ result: SessionResult, _ metrics: [MetricID]? = nil) throws -> Reading {
    Reading(try BenchstatReport().render(result, options: ReportOptions(metrics: metrics)))
  }

  @Test func `every line is read as what it is meant to be`() throws {
    for result in [SampleSession.result, SampleSettings.result, HostileSession.result] {
      let reading = try BenchstatTests.reading(result)
      #expect(reading.ignored == [])
      #expect(Set(reading.results.flatMap(\.values.keys)).isSubset(of: Set(reading.units.keys)))
    }
  }

  @Test func `there is one line for each trial that ended ok, with its own values`() throws {
    let reading = try BenchstatTests.reading(SampleSession.result, ["peak_resident", "time_per_op"])
    let larson = reading.results.filter { $0.name.hasPrefix("BenchmarkLarson/alloc=musl/linkage=static/") }
    let cell = SampleSession.result.cells[3]
    #expect(larson.compactMap { $0.values["peak-resident-bytes"] } == cell.metric("peak_resident")?.values)
    #expect(
      larson.compactMap { $0.values["time-per-op-sec"] }
        == cell.metric("time_per_op")?.values.map { $0 / 1e9 })
    #expect(larson.count == 10 && larson[0].parts["threads"] == "4" && larson[0].parts["libc"] == "musl")
    // Two of ten trials gave a wrong answer.
    #expect(reading.results.filter { $0.name.contains("Larson/alloc=jemalloc") }.count == 8)
  }

  @Test func `a metric that some trials lack has lines of its own`() throws {
    var result = SampleSession.result
    result.cells = [result.cells[0]]
    let cpu = try #require(result.cells[0].metrics.firstIndex { $0.definition.id == "cpu" })
    result.cells[0].metrics[cpu].values.removeLast(3)
    let reading = try BenchstatTests.reading(result, ["peak_resident", "cpu", "wall"])
    #expect(
      reading.results.map(\.values.count) == Array(repeating: 2, count: 10) + Array(repeating: 1, count: 7))
  }

  @Test func `units say what is better`() throws {
    let units = try BenchstatTests.reading(SampleSession.result).units
    #expect(units["peak-resident-bytes"] == "better=lower" && units["throughput-ops/sec"] == "better=higher")
    // Nothing was measured, so that there is nothing to say about it.
    #expect(units["malloc-p99-sec"] == nil)
  }

  @Test func `names keep their parts whatever is in them`() throws {
    let cell = Cell(
      subject: .command(arm: "a/b=c d%é\u{3000}-8", arguments: ["x"]),
      variant: Variant(
        libc: .glibc, linkage: .static, allocator: "glibc", cgo: true, foreignArchitecture: "arm-64"),
      settings: .none)
    #expect(
      BenchmarkName(cell, isProved: false).text
        == "BenchmarkCommand/arm=a%2Fb%3Dc%20d%25é%E3%80%80-8/alloc=glibc/linkage=static/cgo=true/arch=arm-64"
        + "/settings=default/proved=no/libc=glibc")
  }
}
