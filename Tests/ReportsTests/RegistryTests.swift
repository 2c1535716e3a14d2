import Foundation
import Model
import Testing

@testable import Reports

@Suite struct RegistryTests {
  @Test func `every file under Formats is registered`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Reports/Formats").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let registered = ReportRegistry.all.map { String(describing: type(of: $0)) }
    let missing = RegistryTests.missing(files: files, registered: registered)
    #expect(missing.isEmpty, Comment(rawValue: missing.joined(separator: "\n")))
  }

  @Test func `a format that is not registered is named with the line to add`() {
    let missing = RegistryTests.missing(
      files: ["CSVReport.swift", "HTMLReport.swift"], registered: ["CSVReport"])
    #expect(
      missing == ["Formats/HTMLReport.swift is not registered: add 'HTMLReport(),' to ReportRegistry.all"])
  }

  @Test func `names are unique and every format says what it is good for`() {
    #expect(Set(ReportRegistry.all.map(\.id)).count == ReportRegistry.all.count)
    for format in ReportRegistry.all { #expect(!format.summary.isEmpty && !format.fileExtension.isEmpty) }
  }

  @Test func `an unknown format is answered with the nearest name`() throws {
    let error = #expect(throws: ReportError.self) { try ReportRegistry.format(named: "markdwon") }
    #expect(error?.description == "unknown report format 'markdwon'; did you mean 'markdown'?")
  }

  @Test(arguments: ["terminal", "markdown", "csv", "values-csv"])
  func `an unknown metric is answered with the nearest name`(format: String) throws {
    let options = ReportOptions(metrics: ["peak_residnt"])
    let error = #expect(throws: ReportError.self) {
      try ReportRegistry.format(named: format).render(SampleSession.result, options: options)
    }
    #expect(error?.description == "unknown metric 'peak_residnt'; did you mean 'peak_resident'?")
  }

  private static func missing(files: [String], registered: [String]) -> [String] {
    files.filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }.sorted()
      .filter { !registered.contains($0) }
      .map { "Formats/\($0).swift is not registered: add '\($0)(),' to ReportRegistry.all" }
  }
}
