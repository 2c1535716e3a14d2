import Model

/// Takes a session apart by libc, linkage and allocator: what changes when only one of them does.
///
/// A pair of variants differs in one factor; its trials are paired by block, as in every comparison within a session.
/// Where the libc changes and nobody else serves malloc, its allocator changes with it: that is one effect, and the libc
/// with the same allocator on both sides another. Programs without libc take no part.
public enum LibcEffects {
  /// The metrics that matter for the choice of a libc, besides those that gate.
  public static let metrics: [MetricID] = [
    "peak_resident", "retained_resident", "mean_resident", "cpu", "wall", "throughput", "file_size",
  ]

  /// The effects in a session; `artifacts` are its files, from which follows what else differs between two variants.
  ///
  /// `chosen` are the metrics to look at; by default those above, and others that gate and differ somewhere.
  /// Throws: `FindingsError` for a metric that nobody knows, a threshold that is none, and a session without two
  /// variants that differ in one factor.
  public static func report(
    _ measured: Measurements, artifacts: [ArtifactRecord] = [], metrics chosen: [MetricID]? = nil,
    thresholds: Thresholds = .standard
  ) throws(FindingsError) -> LibcReport {
    var measured = measured
    let definitions = try wanted(chosen, of: measured, thresholds)
    measured.definitions = definitions
    let finder = FactorPairs(measured.cells, artifacts: artifacts)
    var effects: [FactorEffect] = []
    for factor in VariantFactor.allCases {
      effects.append(try effect(of: factor, measured, finder, thresholds))
    }
    guard effects.contains(where: { !$0.pairs.isEmpty }) else {
      throw .nothingToCompare(
        "no two variants of the session differ in the libc alone, the linkage alone or the allocator alone; "
          + "`heapscale run libc` measures such")
    }
    if chosen == nil { hideEqual(&effects, thresholds) }
    let shown = Set(effects.flatMap { $0.comparison?.judgements ?? [] }.map(\.definition.id))
    return LibcReport(
      effects: effects, metrics: definitions.filter { shown.contains($0.id) }, sizes: sizes(measured.cells),
      noise: measured.noise)
  }

  private static func wanted(
    _ chosen: [MetricID]?, of measured: Measurements, _ thresholds: Thresholds
  ) throws(FindingsError) -> [MetricDefinition] {
    let known = Dictionary(measured.definitions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    if let chosen {
      for id in chosen where known[id] == nil {
        throw .unknown(
          kind: "metric", name: id.rawValue, known: measured.definitions.map(\.id.rawValue))
      }
      return chosen.compactMap { known[$0] }
    }
    let gating = measured.definitions.filter { definition in
      !metrics.contains(definition.id)
        && measured.cells.contains { thresholds.threshold(for: definition, of: $0.cell).gates }
    }
    return metrics.compactMap { known[$0] } + gating
  }

  private static func effect(
    of factor: VariantFactor, _ measured: Measurements, _ finder: FactorPairs, _ thresholds: Thresholds
  ) throws(FindingsError) -> FactorEffect {
    let found = finder.pairs(factor)
    guard !found.isEmpty else { return FactorEffect(factor: factor, pairs: [], comparison: nil) }
    let comparison = try Comparing.result(
      measured, title: factor.title,
      names: (
        Set(found.map(\.pair.baselineName)).sorted().joined(separator: ", "),
        Set(found.map(\.pair.candidateName)).sorted().joined(separator: ", ")
      ), pairs: found.flatMap(\.cells), again: nil, thresholds)
    return FactorEffect(factor: factor, pairs: found.map(\.pair), comparison: comparison)
  }

  /// A count that the workload fixes, such as its operations, is the same everywhere and tells nothing here.
  private static func hideEqual(_ effects: inout [FactorEffect], _ thresholds: Thresholds) {
    let judgements = effects.flatMap { $0.comparison?.judgements ?? [] }
    let telling = Set(judgements.filter { $0.effect?.change != 0 }.map(\.definition.id)).union(metrics)
    for index in effects.indices {
      effects[index].comparison?.judgements.removeAll { !telling.contains($0.definition.id) }
      effects[index].comparison?.means.removeAll { !telling.contains($0.definition.id) }
    }
  }

  private static func sizes(_ cells: [MeasuredCell]) -> [BinarySize] {
    var seen: Set<Cell> = []
    return cells.compactMap { cell in
      // Settings are not part of a file.
      let key = Cell(subject: cell.cell.subject, variant: cell.cell.variant, settings: .none)
      guard cell.cell.subject.arm == nil, let size = cell.byBlock("file_size").values.max(),
        let bytes = Int64(exactly: size.rounded()), seen.insert(key).inserted
      else { return nil }
      return BinarySize(subject: cell.cell.subject, variant: cell.cell.variant, size: Bytes(bytes))
    }
  }
}

extension VariantFactor {
  /// What is compared, in a line.
  var title: String {
    switch self {
    case .libcWithAllocator: "only the libc changes, each with its own allocator"
    case .libcAlone: "only the libc changes, with the same allocator"
    case .linkage: "only the linkage changes"
    case .allocator: "only the allocator changes"
    }
  }
}
