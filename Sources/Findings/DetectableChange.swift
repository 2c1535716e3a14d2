import Model

/// The smallest change that a comparison gives its verdict on, four times out of five.
///
/// A true change so large is called a regression (or an improvement) by the test that gives the verdict: against the
/// threshold, at the level that is left to one of so many comparisons. It is the threshold and a `DetectionReach` of
/// the scatter beyond it; of two parts of a threshold, both must be exceeded. It is what the trials at hand can do, not
/// what they found.
enum DetectableChange {
  /// As a relative change: 0.02 is 2 %. Nil where so few trials cannot give a verdict at this level, and where nothing
  /// is a share of the baseline.
  static func estimate(_ contrast: Contrast, beyond threshold: Threshold, level: Double) -> Double? {
    guard let scatter = contrast.relative.reach(at: level),
      let relative = contrast.share(at: contrast.limit(threshold.relative) + scatter), relative.isFinite
    else { return nil }
    guard let floor = threshold.absolute, floor > 0 else { return relative }
    guard let scatter = contrast.absolute.reach(at: level) else { return nil }
    let absolute = (floor + scatter) / contrast.baselineMean
    return absolute.isFinite ? max(relative, absolute) : nil
  }
}
