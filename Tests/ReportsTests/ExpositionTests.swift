import Foundation
import Model
import Testing

@testable import Reports

@Suite struct ExpositionTests {
  private struct Sample: Hashable {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  /// What a scraper reads, after the grammar of OpenMetrics 1.0 (ABNF) as far as it is used.
  private struct Reading {
    var samples: [Sample] = []
    /// Families in order, by their `# TYPE` lines.
    var families: [(name: String, type: String)] = []
    var units: [String: String] = [:]
    var faults: [String] = []

    init(_ text: String) {
      for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        if let match = line.firstMatch(of: /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (gauge|info)$/) {
          families.append((String(match.1), String(match.2)))
        } else if let match = line.firstMatch(of: /^# UNIT ([^ ]+) ([a-z_]+)$/) {
          units[String(match.1)] = String(match.2)
        } else if line.firstMatch(of: /^# HELP [^ ]+ [^\n]+$/) != nil || line == "# EOF" {
          continue
        } else {
          read(sample: line)
        }
      }
    }

    private mutating func read(sample line: Substring) {
      let pattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\n"])*",?)*)\} ([-+0-9.e]+)$/
      guard let match = line.firstMatch(of: pattern), let value = Double(match.3) else {
        faults.append(String(line))
        return
      }
      let pairs = match.2.matches(of: /([a-z_]+)="((?:[^"\\]|\\.)*)"/).map { (String($0.1), String($0.2)) }
      if Set(pairs.map(\.0)).count != pairs.count { faults.append("a label stands twice: \(line)") }
      samples.append(Sample(name: String(match.1), labels: Dictionary(pairs) { $1 }, value: value))
      let family = families.last.map { $0.type == "info" ? $0.name + "_info" : $0.name }
      if family != String(match.1) { faults.append("outside its family: \(line)") }
    }
  }

  private static func text(_ format: String, _ result: SessionResult) throws -> String {
    try ReportRegistry.format(named: format).render(result, options: ReportOptions())
  }

  @Test(arguments: ["openmetrics", "prometheus"])
  func `every line is read, every sample stands in its family and none twice`(format: String) throws {
    for result in [SampleSession.result, SampleSettings.result, HostileSession.result] {
      let reading = Reading(try ExpositionTests.text(format, result))
      #expect(reading.faults == [])
      #expect(Set(reading.families.map(\.name)).count == reading.families.count)
      let series = reading.samples.map { [$0.name, "\($0.labels.sorted { $0.key < $1.key })"] }
      #expect(Set(series).count == series.count && series.count > 10)
      for (name, unit) in reading.units { #expect(name.hasSuffix("_" + unit)) }
    }
  }

  @Test func `medians and interval ends come in base units, trials by outcome`() throws {
    let samples = Reading(try ExpositionTests.text("openmetrics", SampleSession.result)).samples
    let find = { (name: String) in
      samples.first {
        $0.name == name && $0.labels["variant"] == "musl/static/musl" && $0.labels["workload"] == "larson"
      }
    }
    let summary = try #require(SampleSession.result.cells[3].metric("time_per_op")?.summary)
    #expect(find("heapscale_time_per_op_seconds")?.value == summary.median / 1e9)
    #expect(find("heapscale_time_per_op_low_seconds")?.value == summary.low.map { $0 / 1e9 })
    #expect(find("heapscale_trials")?.labels["outcome"] == "ok" && find("heapscale_trials")?.value == 10)
    #expect(samples.contains { $0.labels["outcome"] == "time-out" && $0.value == 9 })
    #expect(samples[0].name == "heapscale_session_info" && samples[0].value == 1)
  }

  @Test func `only OpenMetrics has units and an end`() throws {
    let open = try ExpositionTests.text("openmetrics", SampleSession.result)
    let prometheus = try ExpositionTests.text("prometheus", SampleSession.result)
    #expect(open.hasSuffix("\n# EOF\n") && open.contains("# UNIT heapscale_peak_resident_bytes bytes\n"))
    #expect(open.contains("# TYPE heapscale_session info\n"))
    #expect(!prometheus.contains("EOF") && !prometheus.contains("# UNIT"))
    #expect(prometheus.contains("# TYPE heapscale_session_info gauge\n"))
  }

  @Test func `quotation marks and backslashes are escaped where each format wants it`() throws {
    let open = try ExpositionTests.text("openmetrics", HostileSession.result)
    let prometheus = try ExpositionTests.text("prometheus", HostileSession.result)
    #expect(
      open.contains(#"# HELP heapscale_peak_resident_bytes <script>alert('x')</script>: a|b\\n| c `d` **e**"#)
    )
    #expect(open.contains(#"@someone & \"quoted\", 100 %; median"#))
    #expect(prometheus.contains(#"@someone & "quoted", 100 %; median"#))
    #expect(prometheus.contains(#"cpu_model="\\u{1b}[2J\\u{1b}]0;owned\\u{7}""#))
  }
}
