import Model

/// The list that the GitHub action *github-action-benchmark* reads, of metrics with one better direction.
///
/// The action takes one direction a file, so that there are two formats: a throughput turned into its inverse would be
/// read by nobody, and of zero there is none.
struct ActionBenchmarkJSON {
  let result: SessionResult
  let options: ReportOptions
  let better: Direction

  /// One object for each figure: `name`, `unit`, `value`, `range` and `extra`.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func text() throws(ReportError) -> String {
    let definitions = MetricChoice.definitions(of: result)
    let chosen = try MetricChoice.ids(result, options: options).compactMap { definitions[$0] }
    let entries = chosen.filter { $0.better == better }.flatMap { definition in
      result.figures(of: definition.id).map { entry($0.cell, $0.metric, $0.summary, $0.origin) }
    }
    return JSONText.array(entries).text() + "\n"
  }

  private func entry(
    _ cell: CellResult, _ metric: MetricResult, _ summary: Summary, _ provenance: Provenance
  ) -> JSONText {
    let doubt =
      (summary.note.map { ["; " + $0] } ?? []) + (cell.identity.verified ? [] : ["; allocator not proved"])
    let extra = "median of \(metric.values.count) trials, \(provenance.rawValue)" + doubt.joined()
    return .object(
      [
        ("name", .string("\(cell.cell.stableName) \(metric.definition.id.rawValue)")),
        ("unit", .string(metric.definition.unit.rawValue)),
        ("value", .number(summary.median)),
      ] + range(summary) + [("extra", .string(extra))])
  }

  /// The wider side of the interval, which the action shows beside the value.
  private func range(_ summary: Summary) -> [(key: String, value: JSONText)] {
    guard let low = summary.low, let high = summary.high else { return [] }
    let half = max(summary.median - low, high - summary.median)
    // As many digits as anybody reads: a difference of binary fractions has more.
    let digits = half == half.rounded() ? NumberText.shortest(half) : "\(Float(half))"
    return [("range", .string("± " + digits))]
  }
}
