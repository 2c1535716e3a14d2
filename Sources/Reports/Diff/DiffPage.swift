import Model

/// The page of two sessions: what changed from the one to the other.
public enum DiffPage {
  /// Writes the page: one file that needs no network and no other file.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the later session does not have.
  public static func render(
    _ comparison: ComparisonResult, old: PageContents, new: PageContents, options: ReportOptions
  ) throws(ReportError) -> String {
    let view = try SessionView(new, options: options)
    let session = view.session
    let sections = [
      Page.Section(
        id: "verdict", title: "What changed",
        body: "<div class=\"lead\">\(VerdictSection().comparison(comparison))</div>"),
      judgements(comparison),
      Page.Section(
        id: "effects", title: "Effects with their intervals",
        intro:
          "The later session against the earlier one. Their trials were not interleaved and are compared as two "
          + "samples; the grey band is what is tolerated.",
        body: ForestPlots(comparison: comparison, number: 0, metrics: view.leading).markup),
      DiffCurves(view: view, old: old, new: new).section,
      DiffMachines(old: old.result.session, new: session).section,
    ].compactMap(\.self)
    return try Page(
      kind: "heapscale diff", title: "\(session.id) against \(old.result.session.id)",
      facts: [session.plan.title] + SessionFacts.items(session), sections: sections,
      footer: "Written by heapscale \(session.version). All times are in UTC. \(HoldingText.text(session))"
    ).text()
  }

  private static func judgements(_ comparison: ComparisonResult) -> Page.Section? {
    guard !comparison.judgements.isEmpty else { return nil }
    let rows: [Markup] = comparison.judgements.map { judgement in
      let text = JudgementText(judgement: judgement)
      let group = VerdictGroup(judgement)
      let style: Markup =
        group == .improvement ? " good" : group == .regression || group == .informing ? " bad" : ""
      return HTMLTable.row(
        "\(judgement.place)",
        [
          HTMLTable.text(text.metric), figure(judgement.baseline.median, text.baseline),
          figure(judgement.candidate.median, text.candidate),
          figure(judgement.finiteEffect?.change ?? .nan, text.change), HTMLTable.figure(text.tolerated),
          "<td class=\"l\(style)\">\(group.sign) \(judgement.verdict.rawValue)</td>",
          HTMLTable.text(judgement.threshold.gates ? "yes" : "no"),
        ])
    }
    let columns: [HTMLTable.Column] =
      [.init(title: "where", isText: true), .init(title: "metric", isText: true)]
      + ["before", "after", "change", "tolerated"].map { .init(title: "\($0)") }
      + [.init(title: "verdict", isText: true), .init(title: "gates", isText: true)]
    return Page.Section(
      id: "judgements", title: "Every comparison",
      body: "<details\(Markup.when(rows.count <= 60, " open"))><summary>\(rows.count) comparisons</summary>"
        + HTMLTable(style: "sortable", columns: columns, rows: rows).markup + "</details>")
  }

  private static func figure(_ value: Double, _ text: String) -> Markup {
    guard value.isFinite else { return "<td>\(text)</td>" }
    return "<td data-v=\"\(figure: value)\">\(text)</td>"
  }
}
