import Model

/// Where each box of a flame graph lies: the root on top, widths in per cent of the whole.
struct FlameLayout {
  /// One box.
  struct Box {
    /// What it stands for; nil for the whole.
    let frame: Frame?
    /// Its value in the column.
    let value: Double
    /// Its left edge, in per cent of the width.
    let left: Double
    /// Its width, in per cent.
    let width: Double
    /// Rows above it.
    let row: Int
  }

  /// Boxes narrower than this cannot be seen: half a pixel on a wide screen.
  private static let narrowest = 0.04
  /// More boxes make a page slow and large; the narrowest go first.
  private static let most = 6000

  /// All boxes, parents before children.
  let boxes: [Box]
  /// How many are too narrow to be drawn.
  let hidden: Int
  /// The sum of what is drawn: stacks with positive values.
  let total: Double

  /// Lays out one column. Negative values (memory that was given back) have no width and are left out.
  init(_ tree: CallTree, column: Int) {
    let sums = FlameLayout.positive(tree, column)
    let total = tree.roots.reduce(0) { $0 + sums[$1] }
    self.total = total
    guard total > 0, total.isFinite else {
      boxes = []
      hidden = 0
      return
    }
    let widths = sums.map { $0 / total * 100 }
    let limit = FlameLayout.limit(widths)
    var lefts = [Double](repeating: 0, count: sums.count)
    var boxes = [Box(frame: nil, value: total, left: 0, width: 100, row: 0)]
    var hidden = 0
    // Larger numbers lie deeper, so that a parent's edge is known when its children are placed.
    FlameLayout.place(tree, tree.roots, from: 0, widths, &lefts, column)
    for (index, node) in tree.nodes.enumerated() where widths[index] > 0 {
      guard widths[index] >= limit else {
        hidden += 1
        continue
      }
      FlameLayout.place(tree, node.children, from: lefts[index], widths, &lefts, column)
      boxes.append(
        Box(
          frame: node.frame, value: sums[index], left: lefts[index], width: widths[index],
          row: node.depth + 1))
    }
    self.boxes = boxes
    self.hidden = hidden
  }

  /// Rows that are drawn.
  var rows: Int { (boxes.map(\.row).max() ?? 0) + 1 }

  /// What each node counts for: never less than its children, and nothing where it is no positive number.
  private static func positive(_ tree: CallTree, _ column: Int) -> [Double] {
    var sums = tree.nodes.map { node -> Double in
      let value = node.values[column]
      return value.isFinite && value > 0 ? value : 0
    }
    for (index, node) in tree.nodes.enumerated().reversed() where !node.children.isEmpty {
      sums[index] = max(sums[index], node.children.reduce(0) { $0 + sums[$1] })
    }
    return sums
  }

  /// Children are in order of their names, as in other flame graphs: equal ones stay neighbours.
  private static func place(
    _ tree: CallTree, _ nodes: [Int], from start: Double, _ widths: [Double], _ lefts: inout [Double],
    _ column: Int
  ) {
    var left = start
    let sorted = nodes.sorted {
      (tree.nodes[$0].frame.function, $0) < (tree.nodes[$1].frame.function, $1)
    }
    for node in sorted {
      lefts[node] = left
      left += widths[node]
    }
  }

  /// A parent is never narrower than its children, so that what is drawn hangs together.
  private static func limit(_ widths: [Double]) -> Double {
    let seen = widths.filter { $0 >= narrowest }
    guard seen.count > most else { return narrowest }
    return seen.sorted(by: >)[most - 1]
  }
}
