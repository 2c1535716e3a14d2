import Model

/// Everything that the page of a session is made from.
public struct PageContents: Sendable {
  /// The session with the results of its cells.
  public var result: SessionResult
  /// What its comparisons found: arms, variants, settings.
  public var comparisons: [ComparisonResult]
  /// Curves of representative trials, at most one a cell.
  public var curves: [CellCurve]
  /// Every trial.
  public var trials: TrialColumns

  /// Puts together what there is; a part that is missing is said to be on the page.
  public init(
    result: SessionResult, comparisons: [ComparisonResult] = [], curves: [CellCurve] = [],
    trials: TrialColumns = TrialColumns()
  ) {
    self.result = result
    self.comparisons = comparisons
    self.curves = curves
    self.trials = trials
  }
}
