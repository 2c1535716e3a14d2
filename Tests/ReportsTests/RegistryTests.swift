import Foundation
import Model
import Testing

@testable import Reports

@Suite struct RegistryTests {
  @Test func `every file under Formats is registered`() throws {
    let registered = ReportRegistry.all.map { String(describing: type(of: $0)) }
    let missing = try RegistryTests.missing(from: "ReportRegistry", folder: "Formats", registered: registered)
    #expect(missing.isEmpty, Comment(rawValue: missing.joined(separator: "\n")))
  }

  @Test func `every file under Comparisons is registered`() throws {
    let registered = ComparisonRegistry.all.map { String(describing: type(of: $0)) }
    let missing = try RegistryTests.missing(
      from: "ComparisonRegistry", folder: "Comparisons", registered: registered)
    #expect(missing.isEmpty, Comment(rawValue: missing.joined(separator: "\n")))
  }

  @Test func `a format that is not registered is named with the line to add`() {
    let missing = RegistryTests.missing(
      from: "ReportRegistry", folder: "Formats", files: ["CSVReport.swift", "HTMLReport.swift"],
      registered: ["CSVReport"])
    #expect(
      missing == ["Formats/HTMLReport.swift is not registered: add 'HTMLReport(),' to ReportRegistry.all"])
  }

  @Test func `names are unique and every format says what it is good for`() {
    #expect(Set(ReportRegistry.all.map(\.id)).count == ReportRegistry.all.count)
    for format in ReportRegistry.all { #expect(!format.summary.isEmpty && !format.fileExtension.isEmpty) }
    #expect(Set(ComparisonRegistry.all.map(\.id)).count == ComparisonRegistry.all.count)
    for format in ComparisonRegistry.all { #expect(!format.summary.isEmpty && !format.fileExtension.isEmpty) }
  }

  @Test func `an unknown format is answered with the nearest name`() throws {
    let error = #expect(throws: ReportError.self) { try ReportRegistry.format(named: "markdwon") }
    #expect(error?.description == "unknown report format 'markdwon'; did you mean 'markdown'?")
    let other = #expect(throws: ReportError.self) { try ComparisonRegistry.format(named: "junti") }
    #expect(other?.description == "unknown report format 'junti'; did you mean 'junit'?")
  }

  @Test(arguments: ReportRegistry.all.map(\.id).filter { $0 != "json" })
  func `an unknown metric is answered with the nearest name`(format: String) throws {
    let options = ReportOptions(metrics: ["peak_residnt"])
    let error = #expect(throws: ReportError.self) {
      try ReportRegistry.format(named: format).render(SampleSession.result, options: options)
    }
    #expect(error?.description == "unknown metric 'peak_residnt'; did you mean 'peak_resident'?")
  }

  private static func missing(from registry: String, folder: String, registered: [String]) throws -> [String]
  {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Reports/\(folder)").standardized.path
    let files = try FileManager.default.contentsOfDirectory(atPath: path)
    return missing(from: registry, folder: folder, files: files, registered: registered)
  }

  private static func missing(from registry: String, folder: String, files: [String], registered: [String])
    -> [String]
  {
    files.filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }.sorted()
      .filter { !registered.contains($0) }
      .map { "\(folder)/\($0).swift is not registered: add '\($0)(),' to \(registry).all" }
  }
}
