import Model

/// The page of a session arranged by libc and linkage.
public enum LibcPage {
  /// Writes the page: one file that needs no network and no other file.
  ///
  /// Throws: `ReportError.badTemplate` only.
  public static func render(_ report: LibcReport, session: Session) throws(ReportError) -> String {
    var sections = [LibcPage.summary(report)]
    for (number, effect) in report.effects.enumerated() {
      sections.append(LibcEffectPart(effect: effect, number: number, metrics: report.metrics).section)
    }
    if let sizes = LibcPage.sizes(report, session) { sections.append(sizes) }
    sections.append(LibcPage.notes(report, session))
    return try Page(
      kind: "heapscale libc report", title: session.plan.title, facts: SessionFacts.items(session),
      sections: sections,
      footer:
        "Written by heapscale \(session.version) from session \(session.id). All times are in UTC. \(HoldingText.text(session))"
    ).text()
  }

  /// What one must know first: one sentence a pair, and which effects were measured.
  private static func summary(_ report: LibcReport) -> Page.Section {
    let parts: [Markup] = report.effects.map { effect in
      let sentences = LibcPage.sentences(effect.comparison)
      let list: Markup =
        sentences.isEmpty
        ? "<p class=\"note\">\(effect.pairs.isEmpty ? "Not measured." : "No change beyond chance in what gates.")</p>"
        : "<ul class=\"sentences\">\(sentences.map { "<li>\($0)</li>" as Markup }.joined())</ul>"
      return "<h3>\(effect.factor.heading)</h3>\(list)"
    }
    return Page.Section(
      id: "verdict", title: "What was found", body: "<div class=\"lead\">\(parts.joined())</div>")
  }

  /// Means over workloads where there are several, else what each pair of cells shows.
  static func sentences(_ comparison: ComparisonResult?) -> [String] {
    let all = comparison?.sentences ?? []
    let means = all.filter { $0.hasPrefix("Over ") }
    return Array((means.isEmpty ? all : means).prefix(12))
  }

  private static func sizes(_ report: LibcReport, _ session: Session) -> Page.Section? {
    let sizes = LibcSizes(report, session: session)
    guard !sizes.rows.isEmpty else { return nil }
    let bar = ValueBar(top: Double(sizes.rows.map(\.largest.size).max()?.count ?? 0))
    let rows: [Markup] = sizes.rows.map { row in
      let summary = Summary(
        median: Double(row.median.count), low: Double(row.smallest.size.count),
        high: Double(row.largest.size.count), note: nil)
      let ends: [Markup] = [row.smallest, row.largest].map { end in
        "<td class=\"l\" data-v=\"\(figure: Double(end.size.count))\">\(FigureText.text(end.size)) <small>\(end.subject.workload)</small></td>"
      }
      let median: Markup = """
        <td class="l" data-v="\(figure: summary.median)">\(bar.markup(summary, style: "s1"))\
        <span>\(FigureText.text(row.median))</span></td>
        """
      return HTMLTable.row("\(row.variant.shortName)", [median] + ends)
    }
    let table = HTMLTable(
      style: "bars",
      columns: ["variant", "median", "smallest", "largest"].map { .init(title: "\($0)", isText: true) },
      rows: rows)
    return Page.Section(
      id: "sizes", title: "Size of the programs",
      intro:
        "The executables as built here, with symbols and debugging information, which are not loaded. A dynamic "
        + "program leaves out the libraries that it loads; a preloaded allocator leaves the file as it is.",
      body: table.markup + libraries(sizes.libraries))
  }

  private static func libraries(_ files: [ArtifactRecord]) -> Markup {
    guard !files.isEmpty else { return "" }
    let rows: [Markup] = files.map { file in
      let size: Markup =
        "<td data-v=\"\(figure: Double(file.size.count))\">\(FigureText.text(file.size))</td>"
      return HTMLTable.row("\(file.path)", [size, HTMLTable.text(file.origin)])
    }
    return "<h3>Libraries that take part</h3>"
      + HTMLTable(
        columns: [
          .init(title: "file", isText: true), .init(title: "size"), .init(title: "from", isText: true),
        ],
        rows: rows
      ).markup
  }

  private static func notes(_ report: LibcReport, _ session: Session) -> Page.Section {
    let parts: [Markup] = LibcNotes(report: report, session: session).sections.map { section in
      let items: [Markup] = section.notes.map { note in
        let lead: Markup = note.lead.isEmpty ? "" : "<b>\(note.lead)</b> "
        let verbatim: [Markup] = note.verbatim.map { "<code>\($0)</code>" }
        return "<li>\(lead)\(note.text) \(verbatim.joined("; "))</li>"
      }
      return "<h3>\(section.title)</h3><ul>\(items.joined("\n"))</ul>"
    }
    return Page.Section(
      id: "notes", title: "How to read it, and what it rests on",
      body: parts.joined() + "<h3>The command</h3><pre>\(ShellText.line(session.commandLine))</pre>")
  }
}
