/// How a series looks: a colour, a dash pattern and a mark, so that colours need not be told apart.
struct SeriesStyle: Hashable {
  /// The place of the series; 0 is the reference.
  let index: Int

  /// Classes of the style sheet for a line.
  var line: Markup { "s\(index % 8) d\(dash)" }

  /// The class for an area or a mark.
  var colour: Markup { "s\(index % 8)" }

  /// The name of the mark's shape.
  var mark: Markup { "m\(index % 6)" }

  // Eight colours and four patterns: the next eight series begin with the next pattern.
  private var dash: Int { (index + index / 8) % 4 }

  /// A piece of the line for a legend.
  var swatch: Markup {
    "<svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><path class=\"swatch \(line)\" d=\"M0 6h26\"/></svg>"
  }
}
