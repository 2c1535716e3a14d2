import Model
import OrderedCollections

/// What was exactly resident at the begins of the phases: the figures behind a chart of curves.
struct PhaseFigures {
  let entries: [(name: String, curve: CellCurve)]

  /// The table, folded.
  var markup: Markup {
    let phases = OrderedSet(entries.flatMap { $0.curve.marks.map(\.phase) })
    let columns: [HTMLTable.Column] =
      [
        .init(title: "variant", isText: true), .init(title: "block"), .init(title: "length"),
        .init(title: "highest reading"),
      ]
      + phases.map { .init(title: "at \($0)") } + [.init(title: "readings"), .init(title: "missed")]
    let rows = entries.map { row($0.name, $0.curve, phases) }
    let caption =
      phases.isEmpty
      ? "Curves" : "Resident when a phase began last (exact, from smaps_rollup); done is the end"
    let table = HTMLTable(caption: caption, columns: columns, rows: rows).markup
    return "<details><summary>The figures behind this chart</summary>\(table)</details>"
  }

  private func row(_ name: String, _ curve: CellCurve, _ phases: OrderedSet<String>) -> Markup {
    let highest = curve.resident.map(\.bytes).max()
    let start = [
      HTMLTable.figure("\(curve.block + 1)"), HTMLTable.figure(FigureText.text(curve.end)),
      highest.map(PhaseFigures.bytes) ?? HTMLTable.nothing,
    ]
    let exact = phases.map { phase in
      curve.marks.last { $0.phase == phase }?.resident.map(PhaseFigures.bytes) ?? HTMLTable.nothing
    }
    let end = [HTMLTable.figure("\(curve.readings)"), HTMLTable.figure("\(curve.missedTicks)")]
    return HTMLTable.row("\(name)", start + exact + end)
  }

  private static func bytes(_ bytes: Bytes) -> Markup {
    "<td data-v=\"\(figure: Double(bytes.count))\">\(FigureText.text(bytes))"
  }
}
