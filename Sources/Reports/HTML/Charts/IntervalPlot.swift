import Model

/// Relative changes with their intervals on a common axis of ratios: one small image a row, the axis in the head.
///
/// The axis is logarithmic, so that half and twice are equally far from no change.
struct IntervalPlot {
  /// Width of an image, in pixels; the style sheet knows it too.
  static let width = 260.0
  /// Changes that may be labelled, in the order of preference.
  private static let labels: [Double] = [
    0, -0.5, 1, -0.75, 3, -0.9, 9, -0.25, 0.25, -0.1, 0.1, -0.05, 0.05, -0.02, 0.02, -0.01, 0.01, 99, -0.99,
  ]
  /// Beyond 32 times either way an arrow stands for the rest.
  private static let farthest = 5.0

  /// The name of the shared ground within the page.
  let id: String
  private let low: Double
  private let high: Double

  /// An axis that holds all changes, their intervals and what is tolerated.
  init(id: String, effects: [Effect], tolerated: Double) {
    self.id = id
    let ends = effects.flatMap { [$0.change, $0.low ?? $0.change, $0.high ?? $0.change] }
    let logs = (ends + [tolerated, -tolerated, 0.02, -0.02]).map(IntervalPlot.log)
    low = max(-IntervalPlot.farthest, (logs.min() ?? -0.1) * 1.06)
    high = min(IntervalPlot.farthest, (logs.max() ?? 0.1) * 1.06)
  }

  /// The head: labels of the axis, and the ground that rows refer to.
  func head(tolerated: Double) -> Markup {
    let (from, to) = (place(1 / (1 + tolerated) - 1), place(tolerated))
    let labels: [Markup] = placedLabels.map { label in
      "<text x=\"\(figure: label.x)\" y=\"12\" text-anchor=\"middle\">\(label.text)</text>"
    }
    return """
      <svg class="iv" role="img" aria-label="relative change">\
      <defs><g id="\(id)"><rect class="tolerated" x="\(figure: from)" width="\(figure: to - from)" height="18"/>\
      <path class="zero" d="M\(figure: place(0)) 0v18"/></g></defs>\(labels.joined())</svg>
      """
  }

  /// A row: the interval as a line, the change as a dot; without interval the dot is hollow.
  func row(_ effect: Effect, style: Markup) -> Markup {
    let centre = place(effect.change)
    var line = Markup()
    if let low = effect.low, let high = effect.high {
      line = "<path d=\"M\(figure: place(low)) 9H\(figure: place(high))\"/>"
    }
    let dot: Markup = "<circle cx=\"\(figure: centre)\"/>"
    return """
      <svg class="iv \(style)\(Markup.when(line.isEmpty, " hollow"))">\
      <use href="#\(id)"/>\(line)\(dot)</svg>
      """
  }

  /// Labels with enough room between them.
  private var placedLabels: [(x: Double, text: String)] {
    var placed: [(x: Double, text: String)] = []
    for change in IntervalPlot.labels {
      let log = IntervalPlot.log(change)
      guard log >= low, log <= high else { continue }
      let text = IntervalPlot.text(change)
      let x = place(change)
      if (8...IntervalPlot.width - 8).contains(x), placed.allSatisfy({ abs($0.x - x) > 44 }) {
        placed.append((x, text))
      }
    }
    return placed
  }

  private static func text(_ change: Double) -> String {
    change == 0 ? "0" : ChangeText.text(Effect(change: change, low: nil, high: nil, pairs: 0))
  }

  private func place(_ change: Double) -> Double {
    let log = min(max(IntervalPlot.log(change), low), high)
    return ((log - low) / (high - low) * IntervalPlot.width * 10).rounded() / 10
  }

  private static func log(_ change: Double) -> Double {
    guard change > -1 else { return -farthest }
    return Logarithm.base2(1 + change)
  }
}
