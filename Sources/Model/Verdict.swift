/// What the comparison of one metric between two cells says.
public enum Verdict: String, Codable, Sendable, CaseIterable {
  /// Worse by more than the threshold.
  case regression
  /// Better by more than the threshold.
  case improvement
  /// Shown to differ by no more than the threshold.
  case same
  /// None of these could be shown: too few trials, or too much noise.
  case inconclusive
}

/// How the values of two cells are compared.
public enum Lane: String, Codable, Sendable, CaseIterable {
  /// Value against value: every repeat of a deterministic count gives the same.
  case exact
  /// By statistics: repeats scatter.
  case sampled
}
