import Foundation

/// The smallest change that a comparison is likely to see.
///
/// A true change so large is told from none, at 5 % on both sides, four times out of five:
/// exp[(t(.975, ν) + t(.8, ν)) · standard error] − 1 on logarithms, for pairs with ν = n − 1 and the standard error
/// s_d/√n. It is what the trials at hand can do, not what they found; a *verdict* asks for more, since a change
/// must also exceed the threshold.
enum DetectableChange {
  /// As a relative change: 0.02 is 2 %. Nil with too few trials, or where nothing is a share of the baseline.
  static func estimate(_ contrast: Contrast) -> Double? {
    guard let (standard, freedom) = contrast.relative.error,
      let significant = StudentT.quantile(0.975, freedom: freedom),
      let powerful = StudentT.quantile(0.8, freedom: freedom),
      let change = contrast.change(at: (significant + powerful) * standard), change.isFinite
    else { return nil }
    return change
  }
}
