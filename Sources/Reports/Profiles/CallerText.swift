import Model

/// Who called a place, as text below it: a chain on one line while there is one caller, else branches.
///
///     ← run_phase ← main
///     ├─ 60.0 %  load ← main
///     └─ 40.0 %  reload ← loop ← main
struct CallerText {
  private let tree: CallTree
  private let column: Int
  private let width: Int
  /// Callers with less than this of the place are summed up.
  private static let smallestShare = 0.05
  private static let mostBranches = 4
  private static let deepestBranch = 3
  /// Frames of one chain; what is further out seldom tells call sites apart.
  private static let longestChain = 12
  private static let longestName = 60

  /// Prepares texts of a tree of callers.
  init(_ tree: CallTree, column: Int, width: Int) {
    self.tree = tree
    self.column = column
    self.width = width
  }

  /// The callers of a node, `indent` columns from the left.
  func lines(below node: Int, indent: Int) -> [String] {
    let (names, end) = chain(from: node)
    let pad = String(repeating: " ", count: indent)
    let head = names.isEmpty ? [] : wrapped(names, lead: pad + "← ", hang: indent + 2)
    return head + branches(below: end, pad: pad, depth: 0)
  }

  /// The callers while there is but one, and where that ends.
  private func chain(from node: Int) -> (names: [String], end: Int) {
    var names: [String] = []
    var end = node
    while tree.nodes[end].children.count == 1, isWhole(tree.nodes[end].children[0], of: end) {
      end = tree.nodes[end].children[0]
      names.append(name(end))
    }
    let hidden = names.count - CallerText.longestChain
    guard hidden > 0 else { return (names, end) }
    return (names.prefix(CallerText.longestChain) + ["… \(hidden) more"], end)
  }

  /// Whether all stacks of a node go on to the next: some may end there.
  private func isWhole(_ child: Int, of node: Int) -> Bool {
    part(child, of: node) >= 1 - CallerText.smallestShare
  }

  /// A child's part of its node; both may be negative in a difference.
  private func part(_ child: Int, of node: Int) -> Double {
    let whole = tree.nodes[node].values[column]
    return whole == 0 ? 0 : tree.nodes[child].values[column] / whole
  }

  private func branches(below node: Int, pad: String, depth: Int) -> [String] {
    let whole = tree.nodes[node].values[column]
    let all = tree.sorted(tree.nodes[node].children, by: column)
    guard !all.isEmpty, whole != 0, depth < CallerText.deepestBranch else { return [] }
    let shown = all.prefix(CallerText.mostBranches)
      .filter { part($0, of: node).magnitude >= CallerText.smallestShare }
    let rest = whole - shown.reduce(0) { $0 + tree.nodes[$1].values[column] }
    let hasRest = rest / whole >= CallerText.smallestShare
    var lines: [String] = []
    for (index, child) in shown.enumerated() {
      let isLast = index + 1 == shown.count && !hasRest
      let share = ProfileChoice.share(part(child, of: node), of: 1) ?? ""
      let (names, end) = chain(from: child)
      let next = pad + (isLast ? "   " : "│  ")
      lines += wrapped(
        [name(child)] + names, lead: pad + (isLast ? "└─ " : "├─ ") + share + "  ",
        hang: DisplayWidth.of(next) + 2
      )
      .enumerated().map { $0.offset == 0 ? $0.element : next + $0.element.dropFirst(next.count) }
      lines += branches(below: end, pad: next, depth: depth + 1)
    }
    if hasRest, let share = ProfileChoice.share(rest / whole, of: 1) {
      lines.append(pad + "└─ \(share)  " + (shown.count == all.count ? "without caller" : "others"))
    }
    return lines
  }

  private func wrapped(_ names: [String], lead: String, hang: Int) -> [String] {
    // Room for the separator at the end of a full line.
    Wrap.items(names, separator: " ← ", width: width - 2, lead: lead, hang: hang)
  }

  private func name(_ node: Int) -> String {
    DisplayWidth.truncate(Visible.text(tree.nodes[node].frame.function), to: CallerText.longestName)
  }
}
