import Model

/// Why a report could not be written.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No format has this name.
  case unknownFormat(String, known: [String])
  /// The result has no metric of this name.
  case unknownMetric(String, known: [String])
  /// The profile or table has no column of this name.
  case unknownColumn(String, known: [String])
  /// A page's template cannot be read: a defect of heapscale.
  case badTemplate(String, reason: String)

  /// What happened, to what, and what to do next.
  public var description: String {
    switch self {
    case .unknownFormat(let name, let known):
      InputError.unknown("report format", Visible.text(name), among: known).description
    case .unknownMetric(let name, let known):
      InputError.unknown("metric", Visible.text(name), among: known).description
    case .unknownColumn(let name, let known):
      InputError.unknown("column", Visible.text(name), among: known.map(Visible.text)).description
    case .badTemplate(let name, let reason):
      "the template '\(name)' of an HTML page cannot be read: \(reason); please report this fault"
    }
  }
}
