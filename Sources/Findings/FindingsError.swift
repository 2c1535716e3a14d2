import Model

/// Why no statistic can be made of some values.
public enum FindingsError: Error, Hashable, Sendable {
  /// There are no values.
  case noValues
  /// A value is NaN or infinite.
  case notFinite(index: Int)
  /// A confidence level is not between 0 and 1.
  case confidence(Double)
  /// A threshold is negative or not finite.
  case threshold(metric: MetricID, value: Double)
  /// A comparison names something that was not measured.
  case unknown(kind: String, name: String, known: [String])
  /// No two cells of a comparison belong together.
  case nothingToCompare(String)
}

extension FindingsError: CustomStringConvertible {
  /// One line: what happened, to what; what to do next.
  public var description: String {
    switch self {
    case .noValues: "there are no values to summarise; measure at least one trial"
    case .notFinite(let index):
      "value \(index + 1) is not a finite number; record it as unavailable with the reason instead"
    case .confidence(let level): "\(level) is not a confidence level; give one between 0 and 1, such as 0.95"
    case .threshold(let metric, let value):
      "the threshold \(value) of \(metric) is no tolerated change; give 0 or more, such as 0.02 for 2 %"
    case .unknown(let kind, let name, let known):
      InputError.unknown(kind, name, among: known).description
    case .nothingToCompare(let what): "nothing to compare: \(what)"
    }
  }
}
