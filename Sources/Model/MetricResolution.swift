/// What instruments cannot tell from nothing.
///
/// A figure below its instrument's resolution is shown as `< 0.5 MiB`. It has no ratio, is never the best, and takes no
/// part in means and sentences.
extension MetricDefinition {
  /// Whether a value is smaller than what its instrument resolves.
  public func isBelowResolution(_ value: Double) -> Bool { resolution.map { value < $0 } ?? false }

  /// What is known of a value for certain: at least the resolution, where it is below that.
  ///
  /// A test on such values errs on the safe side, since it sees no difference where the instrument sees none.
  public func resolved(_ value: Double) -> Double { max(value, resolution ?? value) }

  /// The resolution as people write it: `0.5 MiB`, `32 KiB`, `1 ms`, `3`; nil without one.
  public var resolutionText: String? {
    resolution.map { resolution in
      switch unit {
      case .bytes where resolution >= 524_288: Self.short(resolution / 1_048_576) + " MiB"
      case .bytes where resolution >= 1024: Self.short(resolution / 1024) + " KiB"
      case .bytes: Self.short(resolution) + " B"
      case .seconds where resolution < 1: Self.short(resolution * 1000) + " ms"
      case .seconds: Self.short(resolution) + " s"
      case .nanoseconds: Self.short(resolution) + " ns"
      case .perSecond: Self.short(resolution) + "/s"
      case .count, .ratio: Self.short(resolution)
      }
    }
  }

  /// One decimal where there is one.
  private static func short(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() && tenths.magnitude < 1e15 ? "\(Int(tenths))" : "\(tenths)"
  }
}

extension Judgement {
  /// Whether the baseline is below what the instrument resolves.
  public var isBaselineBelowResolution: Bool { definition.isBelowResolution(baseline.median) }

  /// Whether the candidate is.
  public var isCandidateBelowResolution: Bool { definition.isBelowResolution(candidate.median) }
}
