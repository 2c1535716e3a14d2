import Model
import OrderedCollections

/// Which metrics become columns of a table, and which were left out because no cell has a value.
struct MetricChoice {
  /// What a table shows unless the caller chooses.
  static let standard: [MetricID] = [
    "peak_resident", "retained_resident", "overhead", "cpu", "wall", "throughput",
  ]
  /// What it shows besides, after retained, where all programs are Go's and tell it.
  static let goStandard: [MetricID] = ["go_heap_inuse", "go_gc_cpu"]

  /// What a table of this result shows unless the caller chooses.
  static func standard(for result: SessionResult) -> [MetricID] {
    let measured = result.cells.filter { !$0.isFailed }
    let hasGo =
      !measured.isEmpty
      && measured.allSatisfy { cell in
        goStandard.allSatisfy { cell.metric($0)?.reading(in: cell).isFigure == true }
      }
    // What is only lazily freed makes retained look larger than it is: it is shown where there is any to speak of.
    let hasLazyFree = measured.contains { (median(of: lazyFree, in: $0) ?? 0) >= 1_048_576 }
    let hasSettled = measured.contains { median(of: settled, in: $0) != nil }
    return Array(standard.prefix(2)) + (hasLazyFree ? [lazyFree] : []) + (hasSettled ? [settled] : [])
      + (hasGo ? goStandard : [])
      + standard.dropFirst(2) + MemoryEvents.columns(of: measured)
  }

  private static let lazyFree: MetricID = "retained_lazy_free"
  /// What retained is for workloads; shown where a command pauses after its work.
  private static let settled: MetricID = "settled_resident"

  private static func median(of id: MetricID, in cell: CellResult) -> Double? {
    guard case .figure(let summary, _)? = cell.metric(id)?.reading(in: cell) else { return nil }
    return summary.median
  }

  /// The columns, in order.
  private(set) var shown: [MetricDefinition]
  /// Metrics without any value, each with the reasons that cells gave.
  let empty: [(definition: MetricDefinition, reasons: [String])]

  /// Chooses from what the result has.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen name that no cell knows.
  init(_ result: SessionResult, options: ReportOptions) throws(ReportError) {
    let known = MetricChoice.definitions(of: result)
    let chosen = try MetricChoice.ids(result, options: options)
    let wanted = options.metrics == nil ? MetricChoice.standard(for: result) : chosen
    var shown: [MetricDefinition] = []
    var empty: [(definition: MetricDefinition, reasons: [String])] = []
    for definition in wanted.compactMap({ known[$0] }) {
      let readings = result.cells.compactMap { cell in
        cell.metric(definition.id)?.reading(in: cell)
      }
      if readings.contains(where: \.isFigure) {
        shown.append(definition)
      } else {
        empty.append((definition, MetricChoice.reasons(definition.id, in: result)))
      }
    }
    self.shown = shown
    self.empty = empty
  }

  /// Why no cell has a value; failed cells, which have none of any metric, count only where all failed.
  private static func reasons(_ id: MetricID, in result: SessionResult) -> [String] {
    let cells = result.cells.contains { !$0.isFailed } ? result.cells.filter { !$0.isFailed } : []
    let reasons = cells.compactMap { $0.metric(id)?.reading(in: $0).reason }
    return cells.isEmpty ? ["no trial ended ok"] : OrderedSet(reasons).elements
  }

  /// The first of the columns only.
  func limited(to count: Int) -> MetricChoice {
    var result = self
    result.shown = Array(shown.prefix(count))
    return result
  }

  /// The metrics the caller chose, each once; all of the result when nothing was chosen.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen name that no cell knows.
  static func ids(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> [MetricID] {
    let known = definitions(of: result).keys
    guard let chosen = options.metrics else { return Array(known) }
    for id in chosen where !known.isEmpty && !known.contains(id) {
      throw ReportError.unknownMetric(id.rawValue, known: known.map(\.rawValue))
    }
    return OrderedSet(chosen).elements
  }

  /// Every metric that some cell knows, in the order of the registry.
  static func definitions(of result: SessionResult) -> OrderedDictionary<MetricID, MetricDefinition> {
    var known: OrderedDictionary<MetricID, MetricDefinition> = [:]
    for metric in result.cells.flatMap(\.metrics) where known[metric.definition.id] == nil {
      known[metric.definition.id] = metric.definition
    }
    return known
  }
}

extension Reading {
  /// Whether there is a figure.
  fileprivate var isFigure: Bool { if case .figure = self { true } else { false } }

  /// Why there is none.
  fileprivate var reason: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}
