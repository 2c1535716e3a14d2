import Model

/// The call sites of a profile, the largest first.
struct CallSites {
  /// One of them.
  struct Site {
    /// Its node in the tree.
    let node: Int
    /// The place.
    let frame: Frame
    /// For each column of the profile, the sum of its stacks.
    let values: [Double]
    /// Its part of the deciding column.
    let share: String?
    /// From the place outwards, always to the largest caller.
    let stack: [Frame]
  }

  /// The stacks merged at their call sites.
  let tree: CallTree
  /// All of them.
  let sites: [Site]

  /// Finds and sorts them by the first column of the choice.
  init(_ profile: StackProfile, choice: ProfileChoice) {
    let tree = CallTree(profile, direction: .callers, lines: true)
    self.tree = tree
    guard let column = choice.columns.first else {
      sites = []
      return
    }
    sites = tree.sorted(tree.roots, by: column).map { node in
      let values = tree.nodes[node].values
      return Site(
        node: node, frame: tree.nodes[node].frame, values: values,
        share: choice.share(values[column], column), stack: CallSites.stack(tree, from: node, by: column))
    }
  }

  private static func stack(_ tree: CallTree, from node: Int, by column: Int) -> [Frame] {
    var stack = [tree.nodes[node].frame]
    var place = node
    while let next = tree.sorted(tree.nodes[place].children, by: column).first {
      stack.append(tree.nodes[next].frame)
      place = next
    }
    return stack
  }
}
