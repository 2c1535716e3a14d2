import Model
import Mustache

/// A flame graph as one HTML file that opens without network: a drawing for each column, zoom, search, and the
/// functions as a table.
public enum FlameGraphPage {
  /// The page. `functions` adds a table of functions below; `column` is the one shown first.
  ///
  /// Everything is drawn here; the script only moves what is there. The page allows itself nothing else
  /// (Content-Security-Policy with the digests of its style and script).
  /// Throws: `ReportError.unknownColumn`.
  public static func html(
    _ profile: StackProfile, column: String? = nil, functions: FunctionTable? = nil
  ) throws(ReportError) -> String {
    let choice = try ProfileChoice(profile, first: column)
    let tree = CallTree(profile, direction: .callees, lines: false)
    let charts = choice.columns.enumerated().compactMap { offset, column in
      chart(tree, profile.columns[column], choice, column: column, offset: offset)
    }
    let notes =
      profile.columns.map { "\($0.name): \($0.explanation)" } + profile.notes + (functions?.notes ?? [])
    var unique: [String] = []
    for note in notes where !unique.contains(note) { unique.append(note) }
    let page = Page(
      title: Visible.text(profile.title),
      facts: choice.facts.map(Visible.text).joined(separator: " · "), charts: charts,
      tables: functions.map { [table($0)] } ?? [], notes: unique.map(Visible.text))
    do {
      return try MustacheTemplate(string: FlameTemplate.text).render(page)
    } catch {
      throw .badTemplate("flame graph", reason: "\(error)")
    }
  }

  private static func chart(
    _ tree: CallTree, _ column: StackProfile.Column, _ choice: ProfileChoice, column index: Int, offset: Int
  ) -> Chart? {
    let layout = FlameLayout(tree, column: index)
    guard !layout.boxes.isEmpty else { return nil }
    let name = Visible.text("\(column.name) (\(column.provenance.rawValue))")
    let heading = "\(name): \(choice.text(layout.total, index))"
    return Chart(
      index: offset, isFirst: offset == 0, name: name, heading: heading,
      svg: FlameSVG(layout, choice: choice, column: index).text(label: "Flame graph of \(heading)"),
      hidden: layout.hidden == 0 ? nil : "\(layout.hidden) boxes are too narrow to be drawn.")
  }

  private static func table(_ table: FunctionTable) -> Table {
    let own = FunctionFigures(table, cumulative: false)
    let rows = table.rows.prefix(40).map { row in
      Row(
        cells: [Visible.text(row.function + (row.object.isEmpty ? "" : " (\(row.object))"))]
          + table.columns.indices.map { Visible.text(own.text(row, $0)) })
    }
    return Table(
      title: "Functions", titles: ["function"] + table.columns.indices.map { Visible.text(own.title($0)) },
      rows: Array(rows))
  }

  // What the template reads, by these names.

  private struct Page {
    let title: String
    let facts: String
    let charts: [Chart]
    let tables: [Table]
    let notes: [String]
    let hasColumns: Bool
    let hasCharts: Bool
    let hasNotes: Bool
    let style = FlameStyle.text
    let script = FlameScript.text
    let styleDigest = FlameStyle.digest
    let scriptDigest = FlameScript.digest

    init(title: String, facts: String, charts: [Chart], tables: [Table], notes: [String]) {
      self.title = title
      self.facts = facts
      self.charts = charts
      self.tables = tables
      self.notes = notes
      hasColumns = charts.count > 1
      hasCharts = !charts.isEmpty
      hasNotes = !notes.isEmpty
    }
  }

  private struct Chart {
    let index: Int
    let isFirst: Bool
    let name: String
    let heading: String
    let svg: String
    let hidden: String?
  }

  private struct Table {
    let title: String
    let titles: [String]
    let rows: [Row]
  }

  private struct Row {
    let cells: [String]
  }
}
