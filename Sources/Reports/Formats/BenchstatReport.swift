import Model

/// Every trial in the Go benchmark format, for `benchstat -col /alloc` and the tools around it.
///
/// The format is that of golang.org/design/14313-benchmark-format with the unit lines of golang.org/x/perf/benchfmt.
struct BenchstatReport: ReportFormat {
  let id = "benchstat"
  let fileExtension = "txt"
  let summary = "one line a trial in Go's benchmark format, for benchstat -col /alloc"

  /// Writes the values of all metrics, or of the chosen ones, one line for each trial that ended ok.
  ///
  /// Values are unscaled: bytes, seconds, counts; at least the resolution of their instrument. A metric that some of the trials lack has lines of its own, because its
  /// values cannot be told to be of the same trials. `/proved=no` marks cells whose allocator is not proved.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    let definitions = MetricChoice.definitions(of: result)
    let chosen = try MetricChoice.ids(result, options: options)
    let units = chosen.compactMap { id -> String? in
      guard let definition = definitions[id], !result.figures(of: id).isEmpty else { return nil }
      return "Unit \(BenchstatReport.unit(definition)) better=\(definition.better.rawValue)"
    }
    let body = head(result.session) + units + result.cells.flatMap { lines($0, metrics: chosen) }
    return body.joined(separator: "\n") + "\n"
  }

  /// Facts as `key: value` lines; a key is lower case and has no space.
  private func head(_ session: Session) -> [String] {
    let host = [("cpu", "cpu_model"), ("goarch", "architecture"), ("kernel", "kernel")].compactMap {
      key, name in
      session.host.first { $0.name == name }.map { (key, $0.value) }
    }
    let facts = [("toolchain", "heapscale \(session.version)"), ("session", session.id)] + host
    return facts.filter { !$0.1.isEmpty }.map { "\($0): \(Visible.text($1))" }
  }

  private func lines(_ cell: CellResult, metrics: [MetricID]) -> [String] {
    let known = metrics.compactMap { id -> MetricResult? in
      guard let metric = cell.metric(id), case .figure = metric.reading(in: cell) else { return nil }
      return metric
    }
    let name = BenchmarkName(cell.cell, isProved: cell.identity.verified).text
    let complete = known.filter { $0.values.count == cell.okCount }
    let others = known.filter { $0.values.count != cell.okCount }.map { [$0] }
    return ((complete.isEmpty ? [] : [complete]) + others).flatMap { together in
      (0..<(together.first?.values.count ?? 0)).map { index in
        "\(name) 1 " + together.map { BenchstatReport.pair($0, index) }.joined(separator: " ")
      }
    }
  }

  private static func pair(_ metric: MetricResult, _ index: Int) -> String {
    let value = metric.definition.unit.inBaseUnit(metric.definition.resolved(metric.values[index]))
    return "\(NumberText.shortest(value)) \(unit(metric.definition))"
  }

  /// A unit of its own for each metric: benchstat makes one table a unit.
  private static func unit(_ definition: MetricDefinition) -> String {
    switch definition.unit {
    case .bytes: definition.id.kebab + "-bytes"
    case .seconds, .nanoseconds: definition.id.kebab + "-sec"
    case .perSecond: definition.id.kebab + "-ops/sec"
    case .count: definition.id.kebab + "-count"
    case .ratio: definition.id.kebab + "-ratio"
    }
  }
}
