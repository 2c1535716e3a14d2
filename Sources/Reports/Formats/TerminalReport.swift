import Model

/// The comparison table for a terminal: as wide as it is, in colours if the caller wants them.
struct TerminalReport: ReportFormat {
  let id = "terminal"
  let fileExtension = "txt"
  let summary = "table for a terminal of a given width, with or without colours"

  /// Writes heading, table and notes.
  ///
  /// What does not fit is left out and named: the intervals first, then the last columns.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let choice = try MetricChoice(result, options: options)
    let page = TerminalPage(result: result, choice: choice, options: options)
    return page.lines.joined(separator: "\n") + "\n"
  }
}
