import Model

extension SessionAnalysis {
  /// The values of all trials so far, to compare cells or to keep as a baseline.
  ///
  /// Cells that were left out of the measuring are no part of it.
  public func measurements() -> Measurements {
    let taken = cells.filter { $0.trials > 0 || session.reasonToLeaveOut($0.cell) == nil }
    return Measurements(
      cells: taken.map(\.measured), definitions: definitions, noise: noise.sentences(cores: session.cores))
  }
}

extension CellAccumulator {
  /// The values without the words.
  var measured: MeasuredCell {
    let found = identity
    let readings = zip(definitions, metrics).map { ($0.id, $1.ordered) }.filter { !$0.1.isEmpty }
    return MeasuredCell(
      cell: cell, readings: Dictionary(readings, uniquingKeysWith: { first, _ in first }), trials: trials,
      failures: trials - okTrials, isProven: found.verified,
      allocator: cell.nameAsItIs(servedBy: found.allocator) == nil ? nil : found.allocator,
      doubt: found.verified || okTrials == 0 ? nil : found.evidence.first)
  }
}
