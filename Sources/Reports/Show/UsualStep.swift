import Model

/// The time from one reading of a curve to the next, as it usually is.
///
/// A tree is read more often while a process is young, and on both sides of an edge: the usual step is the one up to
/// which half of the time passes, not half of the readings.
enum UsualStep {
  /// The step in nanoseconds; nil with fewer than two readings.
  static func of(_ samples: [ResidentSeries.Sample]) -> Int64? {
    let steps = zip(samples.dropFirst(), samples).map { ($0.time - $1.time).count }.sorted()
    let half = steps.reduce(0, +) / 2
    var passed: Int64 = 0
    return steps.first { step in
      passed += step
      return passed >= half
    }
  }
}
