import Model

/// What a report may show of a metric in a cell: the one place where doubtful numbers are stopped.
enum Reading {
  /// A figure with its origin.
  case figure(Summary, Provenance)
  /// None, and why.
  case unavailable(String)
}

extension MetricResult {
  /// The figure of a cell, unless no trial ended `ok`, it is no finite number, or nobody knows its origin.
  func reading(in cell: CellResult) -> Reading {
    if let reason = cell.leftOut { return .unavailable(reason) }
    if cell.isFailed { return .unavailable("no trial ended ok: \(cell.outcomeText)") }
    guard let summary, !values.isEmpty else { return .unavailable(unavailable ?? "not measured") }
    guard let provenance else { return .unavailable("its provenance is not recorded") }
    let bounds = [summary.median, summary.low ?? 0, summary.high ?? 0]
    guard (values + bounds).allSatisfy(\.isFinite) else {
      return .unavailable("a trial's value is not a finite number")
    }
    return .figure(summary, provenance)
  }

  /// The half width of its interval; empty where it is below what the instrument resolves, nil with too few trials.
  func spread(_ summary: Summary) -> String? {
    isBelowResolution ? "" : FigureText.spread(summary, unit: definition.unit)
  }

  /// The ratio to the reference, where it is a number.
  var ratio: Double? { ratioToReference.flatMap { $0.isFinite ? $0 : nil } }

  /// What the settings changed, where that is a number.
  var effect: Effect? { settingsEffect.flatMap { $0.isFinite ? $0 : nil } }
}

extension Effect {
  /// Whether all its numbers are finite.
  var isFinite: Bool { change.isFinite && (low ?? 0).isFinite && (high ?? 0).isFinite }
}

extension CellResult {
  /// All measured trials.
  var trialCount: Int { outcomes.reduce(0) { $0 + $1.count } }

  /// Trials that ended `ok`.
  var okCount: Int { outcomes.reduce(0) { $0 + ($1.outcome == .ok ? $1.count : 0) } }

  /// Whether there is no figure to show.
  var isFailed: Bool { okCount == 0 }

  /// Whether only a part of the trials ended `ok`.
  var isPartial: Bool { okCount > 0 && okCount < trialCount }

  /// The ways in which trials failed, e.g. `time-out 3/3`.
  var outcomeText: String {
    let failures = outcomes.filter { $0.outcome != .ok }
    guard !failures.isEmpty else { return leftOut ?? "not run" }
    return failures.map { "\($0.outcome) \($0.count)/\(trialCount)" }.joined(separator: ", ")
  }
}
