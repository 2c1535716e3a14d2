import Model
import OrderedCollections

/// Resident and live bytes over time, one chart for each workload with its settings.
struct CurveSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let curves = Dictionary(view.contents.curves.map { ($0.cellKey, $0) }) { first, _ in first }
    guard !curves.isEmpty else { return nil }
    let charts = CurveGroups(view: view).all.compactMap { group -> Markup? in
      CurveChart(view: view, group: group, curves: curves).markup
    }
    return Page.Section(
      id: "curves", title: "Memory over time",
      intro:
        "Resident bytes (pages in RAM) of one trial of each variant: the one whose peak is the median of its cell. "
        + "The variant in focus also shows the bytes that the program asked for and has not freed (live, dotted), and its "
        + "phases, every other kind of them shaded. Choose another in the legend. Point at a chart to read it, drag over a stretch to zoom in; "
        + "with the keys, ← and → move, + and − zoom, 0 shows the whole length.",
      body: charts.joined() + stacked(view.contents.curves) + reduced(view.contents.curves))
  }

  private func stacked(_ curves: [CellCurve]) -> Markup {
    .when(
      curves.contains { !$0.parts.isEmpty },
      "<p class=\"note\">By command: what the processes of each program held of the tree, one on the other; pages that "
        + "several share count once.</p>")
  }

  private func reduced(_ curves: [CellCurve]) -> Markup {
    let readings = curves.reduce(0) { $0 + $1.readings }
    let kept = curves.reduce(0) { $0 + $1.kept }
    let missed = curves.reduce(0) { $0 + $1.missedTicks }
    let reduction: Markup =
      kept < readings
      ? "Drawn are \(kept) of \(readings) readings: the lowest and the highest of every stretch of time."
      : "Every one of \(readings) readings is drawn."
    return """
      <p class="note">\(reduction) \(missed) readings were due and did not happen in time; where more than four in a row \
      are missing, the line is broken.</p>
      """
  }
}
