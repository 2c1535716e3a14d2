import Model

/// A text form of a comparison: one file under `Comparisons/` and one line in `ComparisonRegistry`.
public protocol ComparisonFormat: Sendable {
  /// Stable name for flags, e.g. `junit`.
  var id: String { get }
  /// Usual ending of its files, without the dot.
  var fileExtension: String { get }
  /// One line for `--help`: what it is good for.
  var summary: String { get }

  /// Writes down what was found; `session` is where the candidate was measured, nil when there is no single one.
  ///
  /// The text ends with a line end. No foreign text in it (names, notes, sentences) can act: control codes and markup
  /// arrive as visible characters, in annotations workflow commands too.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
}

/// What the caller decides about the report of a comparison. Nothing here is read from the environment.
public struct ComparisonOptions: Hashable, Sendable {
  /// Metrics to show; nil for each format's own choice.
  public var metrics: [MetricID]?
  /// Columns of the terminal.
  public var width: Int
  /// Whether a terminal shows colours.
  public var colour: Bool
  /// Where annotations point to: the plan or the thresholds, as a path from the root of the repository.
  public var place: InputError.Location?
  /// How long measuring took, in seconds; nil when that is not known.
  public var elapsed: Double?

  /// States the options.
  public init(
    metrics: [MetricID]? = nil, width: Int = 100, colour: Bool = false, place: InputError.Location? = nil,
    elapsed: Double? = nil
  ) {
    self.metrics = metrics
    self.width = width
    self.colour = colour
    self.place = place
    self.elapsed = elapsed
  }
}
