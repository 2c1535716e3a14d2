import Model

/// Curves of the cells that both sessions have, one chart a cell: the later one above the earlier.
struct DiffCurves {
  /// More charts than these nobody looks through.
  private static let most = 40

  let view: SessionView
  let old: PageContents
  let new: PageContents

  /// The part; nil where no cell has a curve in both.
  var section: Page.Section? {
    let before = Dictionary(old.curves.map { ($0.cellKey, $0) }) { first, _ in first }
    let after = Dictionary(new.curves.map { ($0.cellKey, $0) }) { first, _ in first }
    let common = view.result.cells.map(\.cell).filter { before[$0.key] != nil && after[$0.key] != nil }
    let charts: [Markup] = common.prefix(DiffCurves.most).enumerated().compactMap { index, cell in
      guard let before = before[cell.key], let after = after[cell.key] else { return nil }
      return chart(cell, index, before, after)
    }
    guard !charts.isEmpty else { return nil }
    let left = common.count - charts.count
    return Page.Section(
      id: "curves", title: "Memory over time, before and after",
      intro:
        "Resident bytes (pages in RAM) of one trial of each session: the one whose peak is the median of its cell. "
        + "The curve in focus also shows its live bytes and phases; choose the other in the legend.",
      body: charts.joined()
        + .when(left > 0, "<p class=\"note\">\(left) more cells have curves in both sessions.</p>"))
  }

  private func chart(_ cell: Cell, _ index: Int, _ before: CellCurve, _ after: CellCurve) -> Markup {
    let name = "\(view.names.name(of: cell.subject)) on \(view.label(cell))"
    let entries = [
      (name: "after: \(new.result.session.id)", curve: after),
      (name: "before: \(old.result.session.id)", curve: before),
    ]
    let series = entries.enumerated().map { place, entry in
      // The earlier one looks like a reference everywhere.
      CurveChart.line(entry.name, SeriesStyle(index: 1 - place), entry.curve)
    }
    let hasLive = series.contains { !$0.companion.isEmpty }
    return LineChart(
      id: "diff-\(index + 1)", title: "\(name)",
      description:
        "Resident bytes over time of one trial of each session. The figures stand in the table below.",
      units: (.nanoseconds, .bytes), quantities: ("resident", hasLive ? "live" : ""), series: series,
      table: PhaseFigures(entries: entries).markup
    ).markup
  }
}

/// What the two sessions were measured on, and what is different between them.
struct DiffMachines {
  let old: Session
  let new: Session

  /// The part.
  var section: Page.Section {
    let names = ["cpu_model", "cores", "memory_bytes", "kernel", "libc", "thp", "governor"]
    let rows: [Markup] = names.compactMap { name in
      let (before, after) = (fact(name, old), fact(name, new))
      guard before != nil || after != nil else { return nil }
      let mark = before == after ? "" : "≠"
      return HTMLTable.row(
        "\(name)", [HTMLTable.text(before ?? "—"), HTMLTable.text(mark), HTMLTable.text(after ?? "—")])
    }
    let changes = Fingerprint(of: new).changes(since: Fingerprint(of: old))
    let items: [Markup] = changes.map { "<li>\($0)</li>" }
    let columns: [HTMLTable.Column] = ["", old.id, "", new.id].map { .init(title: "\($0)", isText: true) }
    return Page.Section(
      id: "machines", title: "The machines, and how to repeat it",
      body: HTMLTable(columns: columns, rows: rows).markup
        + .when(!items.isEmpty, "<h3>What else is different</h3><ul class=\"doubts\">\(items.joined())</ul>")
        + "<h3>Commands</h3><pre>\(ShellText.line(old.commandLine))\n\(ShellText.line(new.commandLine))</pre>"
    )
  }

  private func fact(_ name: String, _ session: Session) -> String? {
    session.host.first { $0.name == name }?.value
  }
}
