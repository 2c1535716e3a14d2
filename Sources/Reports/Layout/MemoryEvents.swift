import Model

/// What a table says about loads, stores and misses where it is not told what to show.
enum MemoryEvents {
  /// What the processor counts.
  static let counted: [MetricID] = [
    "instructions", "cycles", "loads", "stores", "loads_per_operation", "stores_per_operation", "l1d_misses",
    "llc_misses", "dtlb_misses", "branch_misses",
  ]

  /// The columns of a table that is not told which: few, and only where some cell has a figure.
  static func columns(of cells: [CellResult]) -> [MetricID] {
    let perOperation: [MetricID] = ["loads_per_operation", "stores_per_operation"]
    let accesses = perOperation.contains { hasFigure($0, in: cells) } ? perOperation : ["loads", "stores"]
    let misses: [MetricID] = ["l1d_misses", "llc_misses", "dtlb_misses"]
    return (accesses + misses).filter { hasFigure($0, in: cells) }
  }

  /// Why the processor counted nothing in the whole session; nil when it counted, or when nobody asked it to.
  ///
  /// Where cells give several reasons, the first: a machine lacks a PMU for all of them.
  static func obstacle(in result: SessionResult) -> String? {
    guard result.session.plan.sampling.events != .none else { return nil }
    let cells = result.cells.filter { !$0.isFailed }
    var first: String?
    for id in counted {
      for cell in cells {
        switch cell.metric(id)?.reading(in: cell) {
        case .figure?: return nil
        case .unavailable(let reason)?: first = first ?? reason
        case nil: continue
        }
      }
    }
    return first
  }

  private static func hasFigure(_ id: MetricID, in cells: [CellResult]) -> Bool {
    cells.contains { cell in
      if case .figure? = cell.metric(id)?.reading(in: cell) { true } else { false }
    }
  }
}
