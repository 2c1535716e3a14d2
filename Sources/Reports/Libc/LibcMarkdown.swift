import Model

/// The libc report as lines of GitHub's Markdown.
struct LibcMarkdown {
  let report: LibcReport
  let session: Session

  /// Head, effects, sizes and notes.
  var lines: [String] {
    let head = [
      "## " + MarkdownText.prose("\(session.plan.title): libc, linkage and allocator apart"), "",
      SessionFacts.items(session).map(MarkdownText.prose).joined(separator: " · "),
    ]
    let notes = LibcNotes(report: report, session: session).sections
    return head + report.effects.flatMap(effect) + sizes + notes.flatMap(MarkdownNotes.lines)
  }

  private func effect(_ effect: FactorEffect) -> [String] {
    let head = ["", "### " + effect.factor.heading, "", MarkdownText.prose(effect.factor.explanation)]
    guard let comparison = effect.comparison else {
      return head + ["", "Not measured: " + MarkdownText.code("heapscale run … \(effect.factor.remedy)")]
    }
    let means = comparison.sentences.filter { $0.hasPrefix("Over ") }
    let told = (means.isEmpty ? comparison.sentences : means) + comparison.warnings.map { "Warning: " + $0 }
    let tables = effect.pairs.flatMap { pair in
      table(LibcTable(pair, of: effect, metrics: report.metrics))
    }
    return head + (told.isEmpty ? [] : [""] + told.map { "- " + MarkdownText.prose($0) }) + tables
  }

  private func table(_ table: LibcTable) -> [String] {
    let pair = table.pair
    let title =
      "#### \(MarkdownText.code(pair.candidateName)) against \(MarkdownText.code(pair.baselineName))"
    let besides = pair.confounds.map { "Besides: " + MarkdownText.prose($0) }
    let titles = ["workload"] + table.metrics.map { MarkdownText.prose(ComparisonTable.heading($0)) }
    let rows = table.rows.map { row in
      [MarkdownText.prose(row.label)] + row.judgements.map { LibcMarkdown.cell($0?.effect) }
    }
    let means = table.means.map { mean in
      ["**geometric mean** " + MarkdownText.prose(mean.place)] + mean.effects.map(LibcMarkdown.cell)
    }
    return ["", title, ""] + besides + (besides.isEmpty ? [] : [""])
      + [
        MarkdownNotes.row(titles), MarkdownNotes.row([":--"] + table.metrics.map { _ in "--:" }),
      ] + (rows + means).map(MarkdownNotes.row)
  }

  /// The change with its interval, in parentheses where that holds no change.
  private static func cell(_ effect: Effect?) -> String {
    guard let effect, effect.isFinite else { return "—" }
    let text = MarkdownText.prose(ChangeText.text(effect))
    return effect.isMeasurable == false ? "(\(text))" : effect.isMeasurable == nil ? text + "?" : text
  }

  private var sizes: [String] {
    let sizes = LibcSizes(report, session: session)
    guard !sizes.rows.isEmpty else { return [] }
    let rule = [":--", "--:", "--:", ":--", "--:", ":--"]
    return ["", "### Size of the programs", ""]
      + ([LibcSizes.titles, rule] + sizes.rows.map { LibcSizes.cells($0).map(MarkdownText.prose) })
      .map(MarkdownNotes.row)
  }
}
