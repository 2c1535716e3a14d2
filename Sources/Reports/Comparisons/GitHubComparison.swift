import Model

/// Annotations of a GitHub workflow, printed by the step that checks.
struct GitHubComparison: ComparisonFormat {
  let id = "github"
  let fileExtension = "txt"
  let summary = "GitHub workflow annotations: the worst nine and a summary, to be printed by the step"

  /// GitHub shows about ten annotations of a step; one is the summary.
  private static let most = 9

  private enum Level: String {
    case error, warning, notice
  }

  /// Writes one workflow command a line: an error for a regression that gates, a warning for one that informs and for a
  /// gating comparison without verdict, and last a summary of all.
  ///
  /// Improvements are only in the summary, and so is what was not compared, which makes it an error. Annotations point to `options.place`, if there is one.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
  {
    let judgements = try JudgementChoice.all(of: result, options: options)
    let annotated = GitHubComparison.worst(judgements)
    let shown = annotated.prefix(GitHubComparison.most)
    let lines =
      shown.map { GitHubComparison.line($0, at: options.place) }
      + [GitHubComparison.summary(result, judgements, left: annotated.count - shown.count, options)]
    return lines.joined(separator: "\n") + "\n"
  }

  /// What needs somebody's attention, the worst first.
  private static func worst(_ judgements: [Judgement]) -> [Judgement] {
    let ranked = judgements.compactMap { judgement -> (rank: Int, severity: Double, judgement: Judgement)? in
      switch VerdictGroup(judgement) {
      case .regression: (0, -judgement.severity, judgement)
      case .inconclusive where judgement.threshold.gates: (1, 0, judgement)
      case .informing: (2, -judgement.severity, judgement)
      case .inconclusive, .improvement, .same: nil
      }
    }
    // Sorting does not keep the order of equals, which the place in the result decides then.
    return ranked.enumerated().sorted { left, right in
      (left.element.rank, left.element.severity, left.offset)
        < (right.element.rank, right.element.severity, right.offset)
    }.map(\.element.judgement)
  }

  private static func line(_ judgement: Judgement, at place: InputError.Location?) -> String {
    let text = JudgementText(judgement: judgement)
    let isError = VerdictGroup(judgement) == .regression
    let informs = judgement.threshold.gates ? "" : " (informs)"
    let title = "\(judgement.verdict.rawValue)\(informs): \(judgement.definition.title), \(text.pair)"
    return command(isError ? .error : .warning, title: title, [text.line] + text.notes, at: place)
  }

  private static func summary(
    _ result: ComparisonResult, _ judgements: [Judgement], left: Int, _ options: ComparisonOptions
  ) -> String {
    let gating = judgements.filter(\.threshold.gates)
    let level: Level =
      gating.contains { $0.verdict == .regression } || !result.gaps.isEmpty
      ? .error : gating.contains { $0.verdict == .inconclusive } ? .warning : .notice
    let rest = left == 0 ? [] : ["\(left) more have no annotation of their own."]
    let tally = judgements.isEmpty ? ["Nothing was compared."] : VerdictTally(judgements).sentences
    let lines = tally + result.gaps.map { "Not compared: \($0)." } + rest + result.sentences + result.warnings
    return command(level, title: "heapscale: \(result.title)", lines, at: options.place)
  }

  private static func command(
    _ level: Level, title: String, _ lines: [String], at place: InputError.Location?
  ) -> String {
    let file = place.map { "file=\(WorkflowText.property($0.file)),line=\($0.line)," } ?? ""
    let message = WorkflowText.message(lines.map { $0.replacing("\u{A0}", with: " ") })
    return "::\(level.rawValue) \(file)title=\(WorkflowText.property(title))::\(message)"
  }
}
