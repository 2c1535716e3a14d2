/// Why no statistic can be made of some values.
public enum FindingsError: Error, Hashable, Sendable {
  /// There are no values.
  case noValues
  /// A value is NaN or infinite.
  case notFinite(index: Int)
  /// A confidence level is not between 0 and 1.
  case confidence(Double)
}

extension FindingsError: CustomStringConvertible {
  /// One line: what happened, to what; what to do next.
  public var description: String {
    switch self {
    case .noValues: "there are no values to summarise; measure at least one trial"
    case .notFinite(let index):
      "value \(index + 1) is not a finite number; record it as unavailable with the reason instead"
    case .confidence(let level): "\(level) is not a confidence level; give one between 0 and 1, such as 0.95"
    }
  }
}
