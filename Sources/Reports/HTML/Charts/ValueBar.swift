import Model

/// A figure as a bar from zero, with its interval as a whisker: a small image beside the figure in a table.
struct ValueBar {
  private static let width = 96.0

  /// The end of the common scale.
  let top: Double

  /// The image; nothing where there is no scale.
  func markup(_ summary: Summary, style: Markup) -> Markup {
    guard top > 0, summary.median >= 0 else { return "" }
    var whisker = Markup()
    if let low = summary.low, let high = summary.high, high > low {
      whisker = "<path d=\"M\(figure: place(low)) 7H\(figure: place(high))\"/>"
    }
    return """
      <svg class="vb \(style)"><rect width="\(figure: place(summary.median))"/>\(whisker)</svg>
      """
  }

  private func place(_ value: Double) -> Double {
    (min(max(value / top, 0), 1) * ValueBar.width * 10).rounded() / 10
  }
}
