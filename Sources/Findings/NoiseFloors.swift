import Model

/// How far the baseline is from itself: its second arm of an A/A measurement against its first.
enum NoiseFloors {
  /// The noise floor of every metric that gates, for each cell and its repetition.
  ///
  /// Throws: `FindingsError` only for what `MetricJudge` refuses too.
  static func make(
    _ pairs: [CellPair], definitions: [MetricDefinition], thresholds: Thresholds
  ) throws(FindingsError) -> [NoiseFloor] {
    var floors: [NoiseFloor] = []
    for pair in pairs {
      for definition in definitions {
        let threshold = thresholds.threshold(for: definition, of: pair.baseline.cell)
        let blocks = pair.blocks(of: definition.id)
        guard threshold.gates, !blocks.isEmpty, !pair.isBelowResolution(definition) else { continue }
        let contrast = Contrast(paired: blocks.map(\.pair))
        floors.append(
          NoiseFloor(
            definition: definition, cell: pair.baseline.cell, effect: try contrast.effect(),
            threshold: threshold, exceeds: try contrast.exceeds(threshold)))
      }
    }
    return floors
  }

  /// A sentence about those that reach beyond their threshold.
  static func warning(_ floors: [NoiseFloor]) -> String? {
    let wide = floors.filter { $0.exceeds == true }
    guard !wide.isEmpty else { return nil }
    let names = wide.map { floor in
      let change = floor.effect.map { " \(PercentText.signed($0))" } ?? ""
      return "\(floor.definition.title)\(change) on \(floor.cell.subject.description)"
    }
    return "the baseline differs from itself by more than is tolerated (\(names.joined(separator: "; "))): "
      + "changes of that size are noise on this machine; raise the threshold or quieten the machine"
  }
}

extension Contrast {
  /// Whether the 95 % interval reaches beyond a threshold in both of its parts; nil without interval.
  fileprivate func exceeds(_ threshold: Threshold) throws(FindingsError) -> Bool? {
    let shift = try relative.shift(confidence: 0.95)
    guard let low = shift.low, let high = shift.high else { return nil }
    guard max(-low, high) > limit(threshold.relative) * (1 + Contrast.margin) else { return false }
    let difference = try difference()
    guard let floor = threshold.absolute, let low = difference.low, let high = difference.high else {
      return true
    }
    return max(-low, high) > floor * (1 + Contrast.margin)
  }
}
