import Model

/// The stacks of a profile merged from one end: into a tree of callees, or of callers.
///
/// Nodes stand in the order in which they were met, so that every parent has a lower number than its children and
/// no walk over the tree has to recurse, however deep a stack is.
struct CallTree {
  /// Where the stacks are merged.
  enum Direction {
    /// At their roots: a flame graph.
    case callees
    /// At their innermost frames outside the allocator: call sites with their callers.
    case callers
  }

  /// A place that is reached by one way.
  struct Node {
    /// What stands there.
    let frame: Frame
    /// The node before; nil at the start of a tree.
    let parent: Int?
    /// How many nodes lie before it.
    let depth: Int
    /// For each column, the sum of the stacks that go through it.
    var values: [Double]
    /// The nodes behind it.
    var children: [Int] = []
  }

  /// All nodes, parents before children.
  private(set) var nodes: [Node] = []
  /// The nodes without parent.
  private(set) var roots: [Int] = []
  private let isDifference: [Bool]

  private struct Step: Hashable {
    let parent: Int
    let frame: Frame
  }

  /// Merges all stacks; with `lines`, places in different lines of a function are different.
  init(_ profile: StackProfile, direction: Direction, lines: Bool) {
    let count = profile.columns.count
    isDifference = profile.columns.map { $0.baseColumn != nil }
    let frames = profile.frames.map { CallTree.merged($0, lines: lines) }
    var known: [Step: Int] = [:]
    for sample in profile.samples where sample.values.count == count {
      var parent: Int?
      for frame in CallTree.steps(sample.stack, frames, direction) {
        let step = Step(parent: parent ?? -1, frame: frame)
        let node = known[step] ?? append(frame, below: parent, columns: count)
        known[step] = node
        for column in 0..<count { nodes[node].values[column] += sample.values[column] }
        parent = node
      }
    }
  }

  /// Nodes sorted by a column, the largest first, of a difference the largest change; equal ones in order of their
  /// names. Callers that are not known come last: they are no place.
  func sorted(_ indices: [Int], by column: Int) -> [Int] {
    func rank(_ index: Int) -> Double {
      if nodes[index].frame.isTruncation { return -.infinity }
      let value = nodes[index].values[column]
      return isDifference[column] ? value.magnitude : value
    }
    return indices.sorted {
      (rank($1), nodes[$0].frame.function, $0) < (rank($0), nodes[$1].frame.function, $1)
    }
  }

  private mutating func append(_ frame: Frame, below parent: Int?, columns: Int) -> Int {
    let index = nodes.count
    let depth = parent.map { nodes[$0].depth + 1 } ?? 0
    nodes.append(
      Node(frame: frame, parent: parent, depth: depth, values: Array(repeating: 0, count: columns)))
    if let parent { nodes[parent].children.append(index) } else { roots.append(index) }
    return index
  }

  /// The frame as the tree tells frames apart: everything inside the allocator is one.
  private static func merged(_ frame: Frame, lines: Bool) -> Frame {
    if frame.role == .allocator { return allocator }
    var result = lines ? frame : Frame(function: frame.function, object: frame.object, role: frame.role)
    if result.function.isEmpty { result.function = unknown.function }
    return result
  }

  private static let allocator = Frame(function: Frame.allocatorName, object: "", role: .allocator)
  private static let unknown = Frame(function: "[unknown]", object: "", role: .unknown)

  /// The frames of a stack in the order of the tree; neighbours inside the allocator are one.
  private static func steps(_ stack: [Int], _ frames: [Frame], _ direction: Direction) -> [Frame] {
    var steps: [Frame] = []
    for index in stack where frames.indices.contains(index) {
      if frames[index].role == .allocator, steps.last?.role == .allocator { continue }
      steps.append(frames[index])
    }
    if steps.isEmpty { return [unknown] }
    switch direction {
    case .callees: return steps.reversed()
    case .callers:
      // Who asked for memory says more than where in the allocator it was found.
      return steps.count > 1 && steps[0].role == .allocator ? Array(steps.dropFirst()) : steps
    }
  }
}
