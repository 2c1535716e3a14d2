import Model

/// What became of each setting, with the evidence.
struct AuditSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let audits = view.session.audits.filter { !$0.entries.isEmpty }
    guard !audits.isEmpty else { return nil }
    let rows = audits.flatMap { audit in audit.entries.map { row($0, of: audit) } }
    let columns: [HTMLTable.Column] = [
      .init(title: "setting", isText: true), .init(title: "verdict", isText: true),
      .init(title: "evidence", isText: true), .init(title: "variant · set", isText: true),
      .init(title: "read back", isText: true), .init(title: "without it", isText: true),
    ]
    return Page.Section(
      id: "audit", title: "What the settings did",
      intro:
        "Before the first trial every setting was tried in a process of each variant. A setting that is inert, refused or "
        + "misread changes nothing that was asked for, whatever the figures say.",
      body: HTMLTable(style: "sortable", columns: columns, rows: rows).markup)
  }

  private func row(_ entry: SettingAudit, of audit: AuditRecord) -> Markup {
    let place = (audit.arm.map { "\($0) on " } ?? "") + audit.variant.shortName
    let style: Markup = entry.verdict.isInForce ? "good" : entry.verdict.failsStrict ? "bad" : ""
    return HTMLTable.row(
      "<code>\(entry.request)</code>",
      [
        "<td class=\"l \(style)\">\(entry.verdict.sign) \(entry.verdictWords)",
        HTMLTable.prose("\(entry.evidence)"),
        HTMLTable.text("\(place) · \(audit.settings)"), code(entry.readback), code(entry.baseline),
      ])
  }

  private func code(_ text: String?) -> Markup {
    text.map { "<td class=\"l\"><code>\($0)</code>" } ?? HTMLTable.nothing
  }
}
