import Foundation
import Model
import Testing

@testable import Reports

@Suite struct CSVTests {
  /// Reads RFC 4180 by its grammar, independently of the writer.
  private static func parse(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch (scalar, isQuoted) {
      case ("\"", true) where rest.first == "\"":
        field.append("\"")
        rest.removeFirst()
      case ("\"", _): isQuoted.toggle()
      case (",", false):
        record.append(field)
        field = ""
      case ("\r", false): break
      case ("\n", false):
        records.append(record + [field])
        record = []
        field = ""
      default: field.unicodeScalars.append(scalar)
      }
    }
    return records
  }

  @Test(arguments: ["csv", "values-csv"])
  func `every record has the fields of the head line and ends in CRLF`(format: String) throws {
    let text = try ReportRegistry.format(named: format).render(
      HostileSession.result, options: ReportOptions())
    let records = CSVTests.parse(text)
    #expect(records.count > 10)
    #expect(Set(records.map(\.count)) == [records[0].count])
    #expect(text.components(separatedBy: "\r\n").count == records.count + 1)
  }

  @Test func `a line for every metric of every cell, with its figures in base units`() throws {
    let result = SampleSession.result
    let records = CSVTests.parse(try CSVReport().render(result, options: ReportOptions()))
    #expect(records.count == 1 + result.cells.count * SampleMetrics.all.count)
    let head = records[0]
    let rows = records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(head, $0)) }
    let row = try #require(
      rows.first { $0["metric"] == "peak_resident" && $0["variant"] == "musl/static/musl" })
    let summary = try #require(result.cells[3].metric("peak_resident")?.summary)
    #expect(row["median"].flatMap(Double.init) == summary.median)
    #expect(row["low"].flatMap(Double.init) == summary.low)
    #expect(row["parameters"] == "threads=4 chunks=5000 seed=1")
    #expect(row["outcomes"] == "ok=10")
  }

  @Test func `nothing in a spreadsheet becomes a formula, and numbers stay numbers`() throws {
    #expect(
      CSVText.record([.text("=1+1"), .text("+x"), .text("-x"), .text("@x"), .text(" =x")])
        == "'=1+1,'+x,'-x,'@x,' =x\r\n")
    #expect(CSVText.record([.text("\t=x"), .text("\r=x")]) == "\\t=x,\\r=x\r\n")
    #expect(CSVText.record([.number(-1.5), .count(-2)]) == "-1.5,-2\r\n")
    for record in CSVTests.parse(try CSVReport().render(HostileSession.result, options: ReportOptions())) {
      for field in record where Double(field) == nil {
        #expect(
          !field.hasPrefix("=") && !field.hasPrefix("@") && !field.hasPrefix("+") && !field.hasPrefix("-"))
      }
    }
  }

  @Test func `values of failed cells and of cells without finite figures are not exported`() throws {
    let text = try ValuesCSVReport().render(HostileSession.result, options: ReportOptions())
    let records = CSVTests.parse(text)
    let column = try #require(records[0].firstIndex(of: "metric"))
    let metrics = records.dropFirst().map { $0[column] }
    #expect(Set(metrics) == ["peak_resident", "faults_minor"])
    #expect(!text.contains("signal-11"))
  }
}
