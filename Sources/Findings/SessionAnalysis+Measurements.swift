import Model

extension SessionAnalysis {
  /// The values of all trials so far, to compare cells or to keep as a baseline.
  public func measurements() -> Measurements {
    Measurements(
      cells: cells.map(\.measured), definitions: definitions, noise: noise.sentences(cores: session.cores))
  }
}

extension CellAccumulator {
  /// The values without the words.
  var measured: MeasuredCell {
    let readings = zip(definitions, metrics).map { ($0.id, $1.ordered) }.filter { !$0.1.isEmpty }
    return MeasuredCell(
      cell: cell, readings: Dictionary(readings, uniquingKeysWith: { first, _ in first }), trials: trials,
      failures: trials - okTrials, isProven: isProven)
  }
}
