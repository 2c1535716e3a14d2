/// A table in a box of its own, which scrolls where the page is too narrow.
///
/// End tags of rows and cells, which HTML lets one leave out (section 13.1.2.4), are left out: tables are most of a page.
struct HTMLTable {
  /// A head or a cell.
  struct Column {
    let title: Markup
    var isText = false
  }

  /// What the table is, for those who cannot see its place.
  var caption: String = ""
  /// Classes of the table.
  var style: String = ""
  let columns: [Column]
  /// Whole rows, made by `row`.
  let rows: [Markup]

  /// The table with its box; the box can be scrolled by keys.
  var markup: Markup {
    let title: Markup = caption.isEmpty ? "" : "<caption>\(caption)</caption>"
    let heads: [Markup] = columns.map { column in
      "<th scope=\"col\"\(Markup.when(column.isText, " class=\"l\""))>\(column.title)"
    }
    return """
      <div class="box" role="region" aria-label="\(caption.isEmpty ? "table" : caption)" tabindex="0"><table class="\(style)">\(title)<thead><tr>\(heads.joined())</thead>
      <tbody>\(rows.joined("\n"))</tbody></table></div>

      """
  }

  /// A row: what it is about, and its cells.
  static func row(_ name: Markup, _ cells: [Markup], style: Markup = "") -> Markup {
    let start: Markup = style.isEmpty ? "<tr>" : "<tr class=\"\(style)\">"
    return "\(start)<th scope=\"row\">\(name)\(cells.joined())"
  }

  /// A cell with text.
  static func text(_ text: String) -> Markup { "<td class=\"l\">\(text)" }

  /// A cell with text that may be broken into lines.
  static func prose(_ text: Markup) -> Markup { "<td class=\"w\">\(text)" }

  /// A cell with a count or another figure that stands for itself.
  static func figure(_ text: String) -> Markup { "<td>\(text)" }

  /// A cell with nothing in it.
  static let nothing: Markup = "<td class=\"na\">—"
}
