import Model

/// Texts about what is stored, for a terminal: the sessions, one session's circumstances, one trial.
///
/// Of the options only width and colour apply.
public enum ShowReport {
  /// The stored sessions, one a line, in the order given.
  public static func sessions(_ entries: [SessionEntry], options: ReportOptions) -> String {
    joined(SessionList(entries: entries, options: options).lines)
  }

  /// What a session was told, on which host, with which files.
  public static func session(_ session: Session, options: ReportOptions) -> String {
    joined(SessionHead(session: session, options: options).lines)
  }

  /// One trial: outcome, every metric, proof of what ran, and the resident curve.
  ///
  /// `cell` names what ran, where it is known; `metrics` gives titles and units, in order.
  public static func trial(
    _ trial: Trial, of cell: Cell?, metrics: [MetricDefinition], options: ReportOptions
  ) -> String {
    joined(TrialDetails(trial: trial, cell: cell, metrics: metrics, options: options).lines)
  }

  private static func joined(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}

/// A stored session, as a list shows it.
public struct SessionEntry: Hashable, Sendable {
  /// The session's name.
  public var id: String
  /// When it began, in seconds since 1970.
  public var startedAt: Double
  /// What it was about.
  public var title: String
  /// How many cells it has.
  public var cells: Int
  /// How many measured trials are stored.
  public var trials: Int
  /// How many of them did not end `ok`.
  public var failedTrials: Int
  /// The host, in a word or two.
  public var host: String

  /// Describes a stored session.
  public init(
    id: String, startedAt: Double, title: String, cells: Int, trials: Int, failedTrials: Int, host: String
  ) {
    self.id = id
    self.startedAt = startedAt
    self.title = title
    self.cells = cells
    self.trials = trials
    self.failedTrials = failedTrials
    self.host = host
  }
}
