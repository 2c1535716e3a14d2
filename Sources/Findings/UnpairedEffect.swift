import Model

/// How much a metric differs between two cells that were not measured together, such as those of two sessions.
///
/// The effect is e^θ − 1, with θ the `TwoSampleShift` of the logarithms; what holds for zeros is as in
/// `PairedEffect`. What disturbs a machine does not cancel here: a session on a busier day is slower throughout, and
/// of identical programs measured one after the other on such a machine every fifth to second pair differed
/// "significantly" in time. Counts do not mind, resident memory little.
public enum UnpairedEffect {
  /// The relative change and its interval; nil where every baseline is 0 and not every value. `Effect.pairs` is the
  /// number of trials of the smaller side.
  ///
  /// With fewer trials than the level needs there is no interval, and the note says how many it takes.
  /// Throws: `FindingsError` for a side without values, a value that is not finite (`index` counts through values,
  /// then baselines), or a level outside 0…1.
  public static func estimate(
    _ values: [Double], baselines: [Double], confidence: Double = 0.95
  ) throws(FindingsError) -> Effect? {
    if let index = (values + baselines).firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    return try Contrast(values: values, baselines: baselines).effect(confidence: confidence)
  }
}
