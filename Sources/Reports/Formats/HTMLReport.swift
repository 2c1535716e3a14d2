import Model

/// A page for people that needs no network: see `SessionPage`, which also shows curves and every trial.
struct HTMLReport: ReportFormat {
  let id = "html"
  let fileExtension = "html"
  let summary = "a page for people; `heapscale report` adds curves, comparisons and every trial"

  /// Writes the page of what the result holds.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    try SessionPage.render(PageContents(result: result), options: options)
  }
}
