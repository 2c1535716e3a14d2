import Model

/// What settings changed: each cell against the same subject and variant with the settings `default`.
enum SettingsEffects {
  private struct Base: Hashable {
    let subject: Subject
    let variant: Variant

    init(_ cell: Cell) {
      subject = cell.subject
      variant = cell.variant
    }
  }

  /// Sets `settingsEffect` of every metric that has values of both cells in one block, which its instrument resolves.
  static func compare(_ results: inout [CellResult], cells: [CellAccumulator]) {
    let defaults = cells.filter { $0.cell.settings.name == SettingsSet.none.name }
    let bases = Dictionary(defaults.map { (Base($0.cell), $0) }, uniquingKeysWith: { first, _ in first })
    for (index, cell) in cells.enumerated() where cell.cell.settings.name != SettingsSet.none.name {
      guard let base = bases[Base(cell.cell)], cell.isComparable, base.isComparable else { continue }
      for metric in results[index].metrics.indices {
        let isBelow = results[index].metrics[metric].isBelowResolution
        guard !isBelow, !base.isBelowResolution(metric) else { continue }
        // Only the lack of pairs can fail here: accumulators let in no value that is not finite.
        let effect = try? PairedEffect.estimate(cell.pairs(of: metric, with: base))
        results[index].metrics[metric].settingsEffect = effect
      }
    }
  }
}
