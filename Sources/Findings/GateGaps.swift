import Model

/// What would decide about a check and was not compared: a gate that looked at nothing has found nothing, and must not
/// pass for it.
struct GateGaps {
  let definitions: [MetricDefinition]
  let thresholds: Thresholds

  /// What no judgement was made of, a phrase each: cells that stand `alone`, figures whose name is not verified, metrics
  /// that gate and have values on one side only, metrics that a rule gates by name and nobody has; where nothing that
  /// gates was compared at all and none of these is why, that.
  func find(_ pairs: [CellPair], _ judgements: [Judgement], alone: [(cell: MeasuredCell, why: String)])
    -> [String]
  {
    let gaps =
      alone.filter { gates($0.cell) }.map { "\($0.cell.cell.key), which \($0.why)" }
      + pairs.flatMap(unverified) + pairs.filter(\.isComparable).flatMap(oneSided) + unmet(pairs)
    guard gaps.isEmpty, !judgements.contains(where: \.threshold.gates) else { return gaps }
    return ["any figure that gates: none was measured on both sides, or the thresholds let none gate"]
  }

  /// Whether some value of a cell would decide about the check; without values, whether one could.
  private func gates(_ cell: MeasuredCell) -> Bool {
    definitions.contains { definition in
      thresholds.threshold(for: definition, of: cell.cell).gates
        && (cell.readings.isEmpty || !cell.byBlock(definition.id).isEmpty)
    }
  }

  private func unverified(_ pair: CellPair) -> [String] {
    [(pair.baseline, pair.baselineName), (pair.candidate, pair.candidateName)].filter {
      !$0.0.isComparable && gates(pair.candidate)
    }.map { cell, name in
      "\(cell.cell.key), since it is not verified which allocator served malloc in \(name)"
    }
  }

  private func oneSided(_ pair: CellPair) -> [String] {
    let missing = definitions.filter { definition in
      thresholds.threshold(for: definition, of: pair.candidate.cell).gates
        && !pair.hasValues(of: definition.id)
    }
    return missing.compactMap { definition in
      let sides = [(pair.baseline, pair.baselineName), (pair.candidate, pair.candidateName)]
      let empty = sides.filter { $0.0.byBlock(definition.id).isEmpty }.map(\.1)
      // What no side has is none of the program's figures.
      guard empty.count < 2 else { return nil }
      let why =
        empty.first.map { "which \($0) has no value of" } ?? "of which no block has a value on both sides"
      return "\(definition.id) of \(pair.candidate.cell.key), \(why)"
    }
  }

  /// Somebody asked for these by name: that no program here has them is news.
  private func unmet(_ pairs: [CellPair]) -> [String] {
    definitions.filter { definition in
      let isThere = pairs.contains { pair in
        [pair.baseline, pair.candidate].contains { !$0.byBlock(definition.id).isEmpty }
      }
      return !isThere
        && pairs.map(\.candidate.cell).contains { cell in
          thresholds.threshold(for: definition, of: cell).gates
            && thresholds.rules.contains {
              $0.gates == true && $0.metric != nil && $0.matches(definition.id, of: cell)
            }
        }
    }.map { "\($0.id), which the thresholds let gate and no cell has a value of" }
  }
}
