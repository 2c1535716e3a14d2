import Model

/// Whether a change is for the better or for the worse.
enum Tone {
  case better
  case worse

  /// The class for text and marks.
  var style: Markup { self == .better ? "good" : "bad" }

  /// What stands for it without colours.
  var sign: String { self == .better ? "✓" : "✗" }
}

extension Judgement {
  /// What the comparison says of a change; nil where it is the same or nobody can tell.
  ///
  /// Also where the verdict is inconclusive only for the number of comparisons: the interval alone, wholly beyond what
  /// is tolerated, shows it.
  var tone: Tone? {
    switch verdict {
    case .improvement: return .better
    case .regression: return .worse
    case .same: return nil
    case .inconclusive:
      guard isBeyondThreshold, let change = finiteEffect?.change else { return nil }
      return (change < 0) == (threshold.better == .lower) ? .better : .worse
    }
  }
}
