import Model

/// How much one cell's metric differs from another's, from trials paired by block.
///
/// Both trials of a pair ran in the same block, minutes apart at most, so that most of what disturbs a
/// machine cancels. The effect is e^θ − 1, with θ the Hodges–Lehmann centre of d_b = ln y_b − ln y0_b:
/// ratios are what changes of time and memory are like, and their logarithms scatter evenly.
///
/// A metric may be 0 (faults, context switches, retained bytes of a small program), and 0 has no logarithm.
/// As soon as one value is 0 or below, the effect is the centre of the plain differences y_b − y0_b instead,
/// relative to the mean of the values compared with, and the note says so. Values that are 0 throughout have
/// not changed. Where all values compared with are 0 and others are not, there is no relative change.
public enum PairedEffect {
  /// The values of two trials in one block, in the metric's unit.
  public struct Pair: Hashable, Sendable {
    /// What is judged.
    public let value: Double
    /// What it is compared with.
    public let baseline: Double

    /// Pairs two values.
    public init(value: Double, baseline: Double) {
      self.value = value
      self.baseline = baseline
    }
  }

  /// The relative change and its interval; nil where nothing is a share of it, since every baseline is 0.
  ///
  /// With fewer pairs than the level needs there is no interval, and the note says how many it takes.
  /// Throws: `FindingsError` for no pairs, a value that is not finite (`index` counts pairs), or a level
  /// outside 0…1.
  public static func estimate(
    _ pairs: [Pair], confidence: Double = 0.95
  ) throws(FindingsError) -> Effect? {
    if let index = pairs.firstIndex(where: { !$0.value.isFinite || !$0.baseline.isFinite }) {
      throw .notFinite(index: index)
    }
    return try Contrast(paired: pairs).effect(confidence: confidence)
  }
}
