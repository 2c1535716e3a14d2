/// Labels and lines of axes. Labels are never stretched: they stand in images of their own beside a plot.
enum Axes {
  /// Height of a plot, in pixels; the style sheet knows it too.
  static let plotHeight = 250.0

  /// Labels on the left.
  static func vertical(_ ticks: Ticks) -> Markup {
    let labels: [Markup] = ticks.all.map { tick in
      let y = (1 - tick.share) * plotHeight
      return
        "<text x=\"100%\" dx=\"-8\" y=\"\(figure: (y * 10).rounded() / 10)\" dy=\"4\">\(tick.label)</text>"
    }
    return "<svg class=\"y\" aria-hidden=\"true\" text-anchor=\"end\">\(labels.joined())</svg>"
  }

  /// Labels below.
  static func horizontal(_ ticks: Ticks) -> Markup {
    let labels: [Markup] = ticks.all.map { tick in
      let anchor = tick.share < 0.04 ? "start" : tick.share > 0.94 ? "end" : "middle"
      return
        "<text x=\"\(figure: percent(tick.share))%\" y=\"16\" text-anchor=\"\(anchor)\">\(tick.label)</text>"
    }
    return "<svg class=\"x\" aria-hidden=\"true\">\(labels.joined())</svg>"
  }

  /// Lines across a plot at the vertical axis' ticks.
  static func lines(_ ticks: Ticks) -> Markup {
    let lines: [Markup] = ticks.all.dropFirst().map { tick in
      "M0 \(Int(((1 - tick.share) * LineChart.height).rounded()))h10000"
    }
    return "<path class=\"lines\" d=\"\(lines.joined())\"/>"
  }

  /// A share of a length in per cent with two decimals.
  static func percent(_ share: Double) -> Double { (share * 10_000).rounded() / 100 }
}

extension Markup {
  /// The text between the tags, for places where no tag may stand.
  var plain: String {
    var result = ""
    var isTag = false
    for scalar in text.unicodeScalars {
      if scalar == "<" {
        isTag = true
      } else if scalar == ">" {
        isTag = false
      } else if !isTag {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
