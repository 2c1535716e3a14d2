import Model

/// A text form of a session's result: one file under `Formats/` and one line in `ReportRegistry`.
public protocol ReportFormat: Sendable {
  /// Stable name for flags, e.g. `markdown`.
  var id: String { get }
  /// Usual ending of its files, without the dot.
  var fileExtension: String { get }
  /// One line for `--help`: what it is good for.
  var summary: String { get }

  /// Writes the result down.
  ///
  /// The text ends with a line end. No foreign text in it (names, messages, settings) can act: control codes,
  /// markup and formulas arrive as visible characters.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String
}

/// What the caller decides about a report. Nothing here is read from the environment.
public struct ReportOptions: Hashable, Sendable {
  /// Metrics to show, in this order; nil for each format's own choice.
  public var metrics: [MetricID]?
  /// Columns of the terminal.
  public var width: Int
  /// Whether a terminal shows colours.
  public var colour: Bool

  /// States the options.
  public init(metrics: [MetricID]? = nil, width: Int = 100, colour: Bool = false) {
    self.metrics = metrics
    self.width = width
    self.colour = colour
  }
}
