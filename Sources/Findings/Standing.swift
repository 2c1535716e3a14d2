import Model

extension CellResult {
  /// Whether its figures bear the right name, so that they may be compared: of a command as it is nothing is claimed.
  public var isComparable: Bool {
    cell.isAsItIs || identity.verified || metrics.allSatisfy { $0.summary == nil }
  }
}

/// Compares the cells of a session: each with its reference, and all of a group for the best.
///
/// A group is what may be compared: the cells of one workload with equal parameters, or all commands, whose
/// arms are there to be compared with each other.
enum Standing {
  private enum Group: Hashable {
    case workload(Subject)
    case commands

    init(_ cell: Cell) {
      if case .command = cell.subject { self = .commands } else { self = .workload(cell.subject) }
    }
  }

  private struct ReferenceKey: Hashable {
    let group: Group
    let settings: String

    init(_ cell: Cell, settings: String) {
      group = Group(cell)
      self.settings = settings
    }
  }

  /// Sets `ratioToReference` and `isBest` of every metric. All cells list their metrics in the same order.
  static func compare(_ cells: inout [CellResult], reference: Variant) {
    setRatios(&cells, reference: reference)
    let groups = Dictionary(grouping: cells.indices) { Group(cells[$0].cell) }
    for members in groups.values {
      for metric in cells[members[0]].metrics.indices { markBest(&cells, members: members, metric: metric) }
    }
  }

  private static func setRatios(_ cells: inout [CellResult], reference: Variant) {
    // Of several arms with the reference variant, the first is the reference.
    let references = Dictionary(
      cells.filter { $0.cell.variant == reference }.map {
        (ReferenceKey($0.cell, settings: $0.cell.settings.name), $0)
      }, uniquingKeysWith: { first, _ in first })
    let rule = RatioReference(cells: cells.map(\.cell), reference: reference)
    for index in cells.indices {
      let cell = cells[index].cell
      // The first that was to be measured, even if it failed: a ratio never changes what it refers to.
      let candidates = rule.settings(for: cell).lazy.compactMap {
        references[ReferenceKey(cell, settings: $0)]
      }
      guard let base = candidates.first, cells[index].isComparable, base.isComparable else { continue }
      for metric in cells[index].metrics.indices {
        cells[index].metrics[metric].ratioToReference = ratio(
          cells[index].metrics[metric], to: base.metrics[metric])
      }
    }
  }

  /// A ratio needs both medians, neither below what the instrument resolves, and a reference other than 0.
  private static func ratio(_ metric: MetricResult, to base: MetricResult) -> Double? {
    guard !metric.isBelowResolution, !base.isBelowResolution, let summary = metric.summary,
      let reference = base.summary, reference.median != 0
    else { return nil }
    let ratio = summary.median / reference.median
    return ratio.isFinite ? ratio : nil
  }

  /// Marks the best medians among the verified cells, unless there is nothing to choose from: one of them is below what
  /// the instrument resolves, or it does not tell the best from the worst.
  private static func markBest(_ cells: inout [CellResult], members: [Int], metric: Int) {
    let candidates = members.compactMap { index -> (index: Int, median: Double)? in
      guard cells[index].identity.verified else { return nil }
      return cells[index].metrics[metric].summary.map { (index, $0.median) }
    }
    // What is below the resolution may be the best or not: then nobody knows which is.
    guard !candidates.contains(where: { cells[$0.index].metrics[metric].isBelowResolution }) else { return }
    let medians = candidates.map(\.median)
    guard let lowest = medians.min(), let highest = medians.max(), lowest < highest,
      highest - lowest >= cells[members[0]].metrics[metric].definition.resolution ?? 0
    else { return }
    let best = cells[members[0]].metrics[metric].definition.better == .lower ? lowest : highest
    for candidate in candidates where candidate.median == best {
      cells[candidate.index].metrics[metric].isBest = true
    }
  }
}
