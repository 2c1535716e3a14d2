import Model

/// Size of the executable file.
///
/// Unit: bytes, as built here: with symbols and debugging information, which are not loaded.
public enum FileSize: Metric {
  /// What it is.
  public static let definition = MetricDefinition(
    id: "file_size", title: "file size",
    explanation: "Size of the executable file, with symbols.",
    unit: .bytes, better: .lower)

  /// Its value in one trial.
  public static func value(_ observation: Observation) -> MetricValue {
    guard let size = observation.fileSize else { return .unavailable("the executable could not be read") }
    return .value(Double(size.count), .counted)
  }
}
