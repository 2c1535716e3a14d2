import Model

/// Values that lie far from the others. They are flagged and never dropped: they happened.
///
/// Far is beyond 5 · 1.4826 · MAD of the median; the factor makes the median absolute deviation (MAD) of normal
/// values their standard deviation. Where most values are equal the MAD is 0 and says nothing about the others;
/// then the mean absolute deviation takes its place, with the factor 1.2533.
/// Source: B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC 1993.
public enum Outliers {
  /// The indices of the values that are far from the median.
  public static func indices(_ values: [Double]) -> [Int] {
    guard !values.isEmpty else { return [] }
    let median = Median.middle(of: values.sorted())
    let deviations = values.map { ($0 - median).magnitude }
    let scale = 1.4826 * Median.middle(of: deviations.sorted())
    let mean = deviations.reduce(0) { $0 + $1 / Double(values.count) }
    let far = 5 * (scale > 0 ? scale : 1.2533 * mean)
    return values.indices.filter { deviations[$0] > far }
  }
}
