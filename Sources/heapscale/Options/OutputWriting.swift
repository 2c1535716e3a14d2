import Foundation
import Model
import Reports
import Store

extension OutputOptions {
  /// Prints what was found in words, then the table, and writes every file that was asked for.
  ///
  /// A format that goes to standard output (`-`) takes the place of both there.
  func write(
    _ result: SessionResult, _ comparisons: [Model.ComparisonResult], environment: [String: String]
  ) throws {
    let options = try reportOptions(environment)
    let files = [("json", json), ("markdown", markdown), ("csv", csv)]
    if html != "-", !files.contains(where: { $0.1 == "-" }) {
      for comparison in comparisons where !comparison.sentences.isEmpty {
        Terminal.output(SentenceText.text(comparison, options: options))
      }
      Terminal.output(try ReportRegistry.format(named: "terminal").render(result, options: options))
    }
    for (name, path) in files {
      guard let path else { continue }
      let text = try ReportRegistry.format(named: name).render(result, options: options)
      if path == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: path) }
    }
  }

  /// Writes the page of a stored session when it was asked for; its curves are read from the store.
  func writePage(of session: Session, in store: Store, environment: [String: String]) throws {
    guard let html else { return }
    let contents = try SessionReport.contents(of: session, in: store)
    let page = try SessionPage.render(contents, options: try reportOptions(environment))
    if html == "-" { Terminal.output(page) } else { try OutputFile.write(page, to: html) }
  }

  /// Fails early, before an hour is spent on measuring, when a file cannot be written in the end.
  func checkWritable() throws {
    for path in [json, html, markdown, csv].compactMap({ $0 }) where path != "-" {
      try OutputFile.check(path)
    }
    let known = Measurement.definitions.map(\.id)
    for id in chosenMetrics ?? [] where !known.contains(id) {
      throw InputError.unknown("metric", id.rawValue, among: known.map(\.rawValue))
    }
  }

  /// What the flags and the terminal say about looks.
  func reportOptions(_ environment: [String: String]) throws -> ReportOptions {
    ReportOptions(
      metrics: chosenMetrics, width: Terminal.width(environment), colour: Terminal.usesColour(environment))
  }

  private var chosenMetrics: [MetricID]? {
    metrics?.split(separator: ",").map { MetricID(String($0)) }
  }

  /// How progress is shown.
  func progressStyle(_ environment: [String: String]) -> ProgressDisplay.Style {
    if quiet { return .quiet }
    let canDraw = Terminal.errorIsTerminal && environment["TERM"] != "dumb"
    return canDraw ? .bar(width: Terminal.width(environment)) : .lines
  }
}
