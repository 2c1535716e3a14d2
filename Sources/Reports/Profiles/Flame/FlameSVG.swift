import Model

/// A flame graph as SVG elements.
///
/// Each box is an inner `svg` with per cent for place and width: it cuts its text off by itself, and fits every
/// screen without a script.
struct FlameSVG {
  private let layout: FlameLayout
  private let choice: ProfileChoice
  private let column: Int
  private static let rowHeight = 18
  /// Longer names are cut in a box; the hover text has more.
  private static let longestLabel = 120
  private static let longestTitle = 600

  /// Prepares the drawing of one column.
  init(_ layout: FlameLayout, choice: ProfileChoice, column: Int) {
    self.layout = layout
    self.choice = choice
    self.column = column
  }

  /// The whole drawing; `label` says what it shows to those who cannot see it.
  func text(label: String) -> String {
    let height = layout.rows * FlameSVG.rowHeight
    let start = XMLText.tag(
      "svg",
      [
        ("class", "flame"), ("role", "tree"), ("aria-label", label), ("width", "100%"),
        ("height", "\(height)"),
      ])
    let boxes = layout.boxes.enumerated().map { box($0.element, isFirst: $0.offset == 0) }
    return start + ">\n" + boxes.joined(separator: "\n") + "\n</svg>"
  }

  private func box(_ box: FlameLayout.Box, isFirst: Bool) -> String {
    let start = XMLText.tag(
      "svg",
      [
        ("class", "f " + FlameSVG.style(box.frame)), ("role", "treeitem"), ("aria-level", "\(box.row + 1)"),
        // One stop for the tab key; arrows walk from there.
        ("tabindex", isFirst ? "0" : "-1"), ("x", FlameSVG.percent(box.left)),
        ("y", "\(box.row * FlameSVG.rowHeight)"), ("width", FlameSVG.percent(box.width)),
        ("height", "\(FlameSVG.rowHeight - 1)"),
      ])
    let name = XMLText.escaped(String((box.frame?.function ?? "all").prefix(FlameSVG.longestLabel)))
    return "\(start)><title>\(title(box))</title>"
      + "<rect width=\"100%\" height=\"100%\"/><text x=\"3\" y=\"12.5\">\(name)</text></svg>"
  }

  /// Value, share, name and place, e.g. `64.0 MiB, 97.4 % · touch_all  app`.
  private func title(_ box: FlameLayout.Box) -> String {
    let share = ProfileChoice.share(box.value, of: layout.total).map { ", \($0)" } ?? ""
    let name = (box.frame?.words ?? "all stacks").prefix(FlameSVG.longestTitle)
    return XMLText.escaped("\(choice.text(box.value, column))\(share) · \(name)")
  }

  /// The colours: by whose code it is, and for the program one of six by name, so that neighbours differ.
  private static func style(_ frame: Frame?) -> String {
    guard let frame else { return "all" }
    switch frame.role {
    case .allocator: return "a"
    case .kernel: return "k"
    case .unknown: return "u"
    case .program:
      // FNV-1a: the same name has the same colour in every page, unlike Swift's seeded hashes.
      let hash = frame.function.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
      return "p\(hash % 6)"
    }
  }

  /// Per cent with four decimals: a hundredth of a pixel.
  private static func percent(_ value: Double) -> String {
    let units = Int64(nearest: value * 10_000)
    let digits = String(units % 10_000)
    return "\(units / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits + "%"
  }
}
