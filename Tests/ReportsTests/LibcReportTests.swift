import Findings
import Foundation
import Model
import Testing

@testable import Reports

@Suite struct LibcReportTests {
  static let variants: [(name: String, factor: Double)] = [
    ("glibc/dynamic", 1), ("glibc/static", 0.9), ("musl/dynamic", 0.5), ("musl/static", 0.4),
    ("glibc/dynamic/jemalloc", 1.2), ("glibc/static/jemalloc", 1.15), ("musl/static/jemalloc", 1.14),
  ]
  private static let metrics = [
    MetricDefinition(
      id: "peak_resident", title: "peak RSS", explanation: "Highest resident set.", unit: .bytes,
      better: .lower),
    MetricDefinition(
      id: "throughput", title: "ops/s", explanation: "Calls a second.", unit: .perSecond, better: .higher),
    MetricDefinition(
      id: "file_size", title: "file size", explanation: "Size of the executable.", unit: .bytes,
      better: .lower),
  ]

  static func report(
    _ names: [String] = variants.map(\.name), subjects: [Subject] = workloads, trials: Int = 8,
    settings: SettingsSet = .none
  ) throws -> LibcReport {
    var cells: [MeasuredCell] = []
    for (place, subject) in subjects.enumerated() {
      for name in names {
        let cell = Cell(subject: subject, variant: try Variant(parsing: name), settings: settings)
        let factor = variants.first { $0.name == name }?.factor ?? 1
        let peaks = SampleCells.values(around: 8e6 * factor, count: trials, seed: UInt64(place + 1))
        let speeds = SampleCells.values(around: 4e7, count: trials, seed: UInt64(7 * place + name.count))
        let readings = [
          ("peak_resident", peaks), ("throughput", speeds), ("file_size", peaks.map { _ in 48_000 }),
        ]
        .map { name, values in
          (MetricID(name), values.enumerated().map { MeasuredCell.Reading(block: $0, value: $1) })
        }
        cells.append(
          MeasuredCell(cell: cell, readings: Dictionary(uniqueKeysWithValues: readings), trials: trials))
      }
    }
    return try LibcEffects.report(
      Measurements(cells: cells, definitions: metrics, noise: ["the machine was busy"]),
      artifacts: session.artifacts)
  }

  static let workloads: [Subject] = [
    .workload(id: "larson", parameters: []), .workload(id: "sawtooth", parameters: []),
  ]

  static let session: Session = {
    var session = SampleSession.result.session
    session.artifacts.append(
      ArtifactRecord(
        kind: "allocator", path: "/usr/lib/libjemalloc.so.2", size: Bytes(839_320), sha256: "ab",
        origin: "libjemalloc2 5.3.0-1"))
    return session
  }()

  @Test(arguments: [80, 120])
  func `the libc report in a terminal stays as it was recorded`(width: Int) throws {
    let text = LibcReportText.terminal(
      try LibcReportTests.report(), session: LibcReportTests.session, options: ReportOptions(width: width))
    try Golden.expect(text, is: "libc-\(width).txt")
    // The separator at the end of a line of facts may stand beyond the edge.
    let tooWide = text.split(separator: "\n").filter { DisplayWidth.of(String($0)) > width }
    #expect(tooWide.allSatisfy { $0.hasSuffix("·") })
  }

  @Test func `the libc report for other readers stays as it was recorded`() throws {
    let report = try LibcReportTests.report()
    try Golden.expect(
      LibcReportText.markdown(report, session: LibcReportTests.session), is: "libc-markdown.md")
    let json = LibcReportText.json(report, session: LibcReportTests.session)
    try Golden.expect(json, is: "libc-json.json")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
  }

  @Test func `an effect without pairs says what to measure`() throws {
    let report = try LibcReportTests.report(["glibc/dynamic", "glibc/static"])
    let text = LibcReportText.terminal(
      report, session: LibcReportTests.session, options: ReportOptions(width: 100))
    #expect(text.contains("Not measured: heapscale run … --variant glibc/static --variant musl/static"))
    #expect(text.components(separatedBy: "Not measured: heapscale run").count == 4)
  }

  @Test func `too few trials for an interval are marked at every change`() throws {
    let report = try LibcReportTests.report(["glibc/dynamic", "musl/dynamic"], trials: 3)
    let text = LibcReportText.terminal(
      report, session: LibcReportTests.session, options: ReportOptions(width: 100))
    #expect(text.contains("−50 %?"))
  }

  @Test func `hostile names stay harmless in every form`() throws {
    let hostile = SettingsSet(name: HostileSession.escape + HostileSession.script, environment: [])
    let subjects = [HostileSession.script, HostileSession.table, HostileSession.reversed].map {
      Subject.command(arm: $0, arguments: [$0])
    }
    let report = try LibcReportTests.report(
      ["glibc/dynamic", "musl/dynamic"], subjects: subjects, settings: hostile)
    let session = HostileSession.result.session
    let texts = [
      LibcReportText.terminal(report, session: session, options: ReportOptions(width: 100)),
      LibcReportText.markdown(report, session: session), LibcReportText.json(report, session: session),
    ]
    for text in texts {
      #expect(!text.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) })
    }
    #expect(!texts[1].contains("<script") && !texts[2].contains("<script"))
  }
}
