import Model

/// What was found, in sentences, and what to doubt: the first thing to read.
struct VerdictSection: PageSection {
  /// More than these nobody reads before the tables; the others unfold.
  private static let most = 8
  private static let mostByWorkload = 100

  func section(_ view: SessionView) -> Page.Section? {
    let found = view.contents.comparisons.map(comparison)
    let body: Markup = found.isEmpty ? nothing(view) : found.joined()
    return Page.Section(
      id: "verdict", title: "What was found",
      body: "<div class=\"lead\">\(body)</div>\(doubts(view.result.notes))")
  }

  /// What one comparison found.
  func comparison(_ comparison: ComparisonResult) -> Markup {
    let means = comparison.sentences.filter { $0.hasPrefix("Over ") }
    let told = means.isEmpty ? comparison.sentences : means
    let rest = comparison.sentences.filter { !told.contains($0) }
    let hidden = Array(told.dropFirst(VerdictSection.most)) + rest
    let tally = VerdictTally(comparison.judgements).sentences.joined(separator: " ")
    return """
      <h3>\(comparison.title)</h3>
      \(sentences(Array(told.prefix(VerdictSection.most))))
      \(Markup.when(!hidden.isEmpty, more(hidden)))
      <p class="tally">\(tally)</p>
      \(doubts(comparison.warnings))
      """
  }

  private func more(_ sentences: [String]) -> Markup {
    let left = sentences.count - VerdictSection.mostByWorkload
    return """
      <details><summary>\(sentences.count) more, by workload</summary>\
      \(self.sentences(Array(sentences.prefix(VerdictSection.mostByWorkload))))\
      \(Markup.when(left > 0, "<p class=\"note\">\(left) more stand in the JSON report.</p>"))</details>
      """
  }

  private func sentences(_ sentences: [String]) -> Markup {
    guard !sentences.isEmpty else { return "<p>No change beyond what is tolerated was shown.</p>" }
    let items: [Markup] = sentences.map { "<li>\(VerdictSection.unbroken($0))</li>" }
    return "<ul class=\"sentences\">\(items.joined())</ul>"
  }

  private func doubts(_ sentences: [String]) -> Markup {
    guard !sentences.isEmpty else { return "" }
    let items: [Markup] = sentences.map { "<li>\($0)</li>" }
    return "<ul class=\"doubts\">\(items.joined())</ul>"
  }

  private func nothing(_ view: SessionView) -> Markup {
    let cells = view.result.cells.count
    return """
      <p>Nothing was compared: \(cells == 1 ? "the session has one cell" : "no two of its cells belong together").</p>
      """
  }

  /// A figure stays with its unit, and an interval with itself, at the end of a line.
  static func unbroken(_ sentence: String) -> String {
    sentence.replacing(" %", with: "\u{A0}%").replacing(#/\[[0-9.,−+ ]*\]/#) { match in
      String(match.output).replacing(" ", with: "\u{A0}")
    }
  }
}
