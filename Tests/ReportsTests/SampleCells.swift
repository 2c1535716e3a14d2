import Model

/// Makes the results of cells: a value for each trial, then median, interval, ratio and best as Findings would.
enum SampleCells {
  /// Values of trials that differ a little, always the same for the same seed.
  static func values(around middle: Double, count: Int, seed: UInt64) -> [Double] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let share = Double(state % 2001) / 1000 - 1
      return (middle * (1 + 0.02 * share) * 1e6).rounded() / 1e6
    }
  }

  /// The summary of values, with an interval from six values on.
  static func summary(_ values: [Double]) -> Summary {
    let sorted = values.sorted()
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    guard sorted.count >= 6 else {
      return Summary(median: median, low: nil, high: nil, note: "needs 6 trials for a 95 % interval")
    }
    return Summary(median: median, low: sorted[1], high: sorted[sorted.count - 2], note: nil)
  }

  /// A figure without comparison.
  static func figure(_ definition: MetricDefinition, _ values: [Double], _ provenance: Provenance)
    -> MetricResult
  {
    MetricResult(
      definition: definition, values: values, provenance: provenance, summary: summary(values),
      unavailable: nil, ratioToReference: nil, isBest: false)
  }

  /// A metric without a value.
  static func none(_ definition: MetricDefinition, because reason: String) -> MetricResult {
    MetricResult(
      definition: definition, values: [], provenance: nil, summary: nil, unavailable: reason,
      ratioToReference: nil, isBest: false)
  }

  /// The cells of one group with ratios to the reference and the best marked.
  static func compared(_ cells: [CellResult], reference: Variant) -> [CellResult] {
    var result = cells
    for metric in SampleMetrics.all.indices {
      let medians = cells.map { $0.metrics[metric].summary?.median }
      let base = cells.firstIndex { $0.cell.variant == reference }.flatMap { medians[$0] }
      let known = medians.compactMap { $0 }
      let best = SampleMetrics.all[metric].better == .lower ? known.min() : known.max()
      for (index, median) in medians.enumerated() {
        guard let median else { continue }
        result[index].metrics[metric].ratioToReference = base.map { median / $0 }
        result[index].metrics[metric].isBest = median == best
      }
    }
    return result
  }
}
