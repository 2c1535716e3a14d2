import Model

/// What would decide about a check and was not compared: a gate that looked at nothing has found nothing, and must not
/// pass for it.
enum GateGaps {
  /// Metrics that gate and have values on one side only; where nothing that gates was compared at all, that.
  static func find(
    _ pairs: [CellPair], _ judgements: [Judgement], definitions: [MetricDefinition], thresholds: Thresholds
  ) -> [String] {
    var gaps: [String] = []
    for pair in pairs {
      for definition in definitions
      where thresholds.threshold(for: definition, of: pair.candidate.cell).gates
        && !pair.hasValues(of: definition.id)
      {
        let sides = [(pair.baseline, pair.baselineName), (pair.candidate, pair.candidateName)]
        let empty = sides.filter { $0.0.byBlock(definition.id).isEmpty }.map(\.1)
        // What no side has is none of the program's figures.
        guard empty.count < 2 else { continue }
        let cell = pair.candidate.cell.key
        gaps.append(
          empty.first.map { "\(definition.id) of \(cell), which \($0) has no value of" }
            ?? "\(definition.id) of \(cell), of which no block has a value on both sides")
      }
    }
    if gaps.isEmpty, !judgements.contains(where: \.threshold.gates) {
      gaps.append("any figure that gates: none was measured on both sides, or the thresholds let none gate")
    }
    return gaps
  }
}
