import Model

/// What a threshold asks of two sides.
///
/// A change counts when it exceeds both parts of a threshold: the relative one, and the absolute one, if there is
/// one. To show that takes both tests at the same level (R. L. Berger, Multiparameter Hypothesis Testing and
/// Acceptance Sampling, Technometrics 24 (1982)), so that the larger p-value decides. A change is within a threshold
/// when it is within either part.
extension Contrast {
  /// Values that are exactly as much more as is tolerated must not exceed it by the rounding of a logarithm.
  static let margin = 1e-9

  /// The p-value of the hypothesis that the candidate has no more than the threshold tolerates.
  func probability(above threshold: Threshold) -> Double {
    let relative = relative.probability(above: limit(threshold.relative) * (1 + Contrast.margin))
    guard let floor = threshold.absolute else { return relative }
    return max(relative, absolute.probability(above: floor * (1 + Contrast.margin)))
  }

  /// The p-value of the hypothesis that the candidate has no less than the threshold tolerates.
  func probability(below threshold: Threshold) -> Double {
    let relative = relative.probability(below: -limit(threshold.relative) * (1 + Contrast.margin))
    guard let floor = threshold.absolute else { return relative }
    return max(relative, absolute.probability(below: -floor * (1 + Contrast.margin)))
  }

  /// Whether the 90 % interval lies within the threshold, which is two tests at 5 % one-sided.
  ///
  /// Source: D. J. Schuirmann, A Comparison of the Two One-Sided Tests Procedure and the Power Approach, Journal of
  /// Pharmacokinetics and Biopharmaceutics 15 (1987).
  func isWithin(_ threshold: Threshold) throws(FindingsError) -> Bool {
    if try Contrast.isWithin(limit(threshold.relative), relative.shift(confidence: 0.9)) { return true }
    guard let floor = threshold.absolute else { return false }
    return try Contrast.isWithin(floor, absolute.shift(confidence: 0.9))
  }

  private static func isWithin(_ limit: Double, _ shift: Shift) -> Bool {
    guard let low = shift.low, let high = shift.high else { return false }
    return max(-low, high) <= limit * (1 + margin)
  }
}
