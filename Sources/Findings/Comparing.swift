import Model

/// Compares what was measured: arms, variants or settings of one session, or two sessions.
///
/// Within a session, trials are paired by block, which is the sound way for everything. Each comparison answers with
/// judgements, means over workloads, warnings and sentences. Metrics without values on both sides are left out.
public enum Comparing {
  /// One arm of a session against another, in the same variant with the same settings.
  ///
  /// `again` names a second arm with the base's command, for the noise floor. With `isGate` it decides about a check: then
  /// `gaps` says what was not compared.
  /// Throws: `FindingsError` for an arm that was not measured, and a threshold that is none.
  public static func arms(
    _ measured: Measurements, base: String, candidate: String, again: String? = nil,
    thresholds: Thresholds = .standard, isGate: Bool = false
  ) throws(FindingsError) -> ComparisonResult {
    let known = Set(measured.cells.compactMap(\.cell.subject.arm))
    for name in [base, candidate, again].compactMap(\.self) where !known.contains(name) {
      throw .unknown(kind: "arm", name: name, known: known.sorted())
    }
    let finder = PairFinder(measured.cells.filter { $0.cell.subject.arm != again || again == nil })
    let pairs = finder.arms(base: base, candidate: candidate)
    let paired = Set(pairs.flatMap { [$0.baseline.cell.key, $0.candidate.cell.key] })
    let alone = measured.cells.filter { cell in
      [base, candidate].contains(cell.cell.subject.arm) && !paired.contains(cell.cell.key)
    }
    return try result(
      measured, title: "\(candidate) against \(base)", names: (base, candidate), pairs: pairs,
      again: again.map { PairFinder(measured.cells).arms(base: base, candidate: $0) }, thresholds,
      isGate: isGate, alone: alone.map { ($0, "was measured in one of the arms only") })
  }

  /// Every variant of a session against the reference, on the same workload or arm and with the same settings.
  ///
  /// `again` names settings without assignments under which the reference was measured a second time.
  /// Throws: `FindingsError` for a reference that was not measured, and a threshold that is none.
  public static func variants(
    _ measured: Measurements, reference: Variant, again: String? = nil, thresholds: Thresholds = .standard
  ) throws(FindingsError) -> ComparisonResult {
    let known = Set(measured.cells.map(\.cell.variant))
    guard known.contains(reference) || known.contains(reference.forGo) else {
      throw .unknown(
        kind: "variant", name: reference.description, known: known.sorted().map(\.description))
    }
    let cells = measured.cells.filter { $0.cell.settings.name != again }
    let pairs = PairFinder(cells).variants(reference: reference)
    let title = "variants against \(reference)"
    let names = (reference.description, joined(pairs.map(\.candidateName)))
    let repeated = again.map { PairFinder(measured.cells).repeats(settings: $0, of: SettingsSet.none.name) }
    return try result(measured, title: title, names: names, pairs: pairs, again: repeated, thresholds)
  }

  /// Every settings set of a session against another, by default none, on the same workload or arm and variant.
  ///
  /// `again` names settings like those of the reference, measured a second time.
  /// Throws: `FindingsError` for settings that were not measured, and a threshold that is none.
  public static func settings(
    _ measured: Measurements, reference: String = SettingsSet.none.name, again: String? = nil,
    thresholds: Thresholds = .standard
  ) throws(FindingsError) -> ComparisonResult {
    let known = Set(measured.cells.map(\.cell.settings.name))
    guard known.contains(reference) else {
      throw .unknown(kind: "settings", name: reference, known: known.sorted())
    }
    let cells = measured.cells.filter { $0.cell.settings.name != again }
    let pairs = PairFinder(cells).settings(reference: reference)
    let repeated = again.map { PairFinder(measured.cells).repeats(settings: $0, of: reference) }
    return try result(
      measured, title: "settings against \(reference)",
      names: (reference, joined(pairs.map(\.candidateName))), pairs: pairs, again: repeated, thresholds)
  }

  /// The common part of all comparisons.
  static func result(
    _ measured: Measurements, title: String, names: (baseline: String, candidate: String),
    pairs: [CellPair], again: [CellPair]?, _ thresholds: Thresholds, warnings: [String] = [],
    isGate: Bool = false, alone: [(cell: MeasuredCell, why: String)] = []
  ) throws(FindingsError) -> ComparisonResult {
    guard !pairs.isEmpty || isGate else {
      throw .nothingToCompare("\(title) has no two cells that belong together")
    }
    let sound = pairs.filter(\.isComparable)
    var drafts: [JudgementDraft] = []
    for pair in sound {
      for definition in measured.definitions {
        let threshold = thresholds.threshold(for: definition, of: pair.candidate.cell)
        let judge = MetricJudge(pair: pair, definition: definition, threshold: threshold)
        if let draft = try judge.draft() { drafts.append(draft) }
      }
    }
    let judgements = JudgementFamily.decide(drafts)
    let means = GeometricMeans.make(sound, definitions: measured.definitions, thresholds: thresholds)
    let floors = try NoiseFloors.make(
      (again ?? []).filter(\.isComparable), definitions: measured.definitions, thresholds: thresholds)
    let doubts = ComparisonWarnings(
      pairs: pairs, judgements: judgements, floors: floors, definitions: measured.definitions,
      thresholds: thresholds)
    let gaps = GateGaps(definitions: measured.definitions, thresholds: thresholds)
    return ComparisonResult(
      title: title, baseline: names.baseline, candidate: names.candidate, judgements: judgements,
      means: means, noiseFloor: floors, noise: measured.noise, warnings: warnings + doubts.sentences,
      sentences: Sentences.make(judgements, means: means),
      gaps: isGate ? gaps.find(pairs, judgements, alone: alone) : [])
  }

  /// Each name once, in order of appearance.
  private static func joined(_ names: [String]) -> String {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.joined(separator: ", ")
  }
}
