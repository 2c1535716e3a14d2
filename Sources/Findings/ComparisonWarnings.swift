import Model

/// Sentences about what not to rely on in a comparison, the gravest first.
struct ComparisonWarnings {
  let pairs: [CellPair]
  let judgements: [Judgement]
  let floors: [NoiseFloor]
  let definitions: [MetricDefinition]
  let thresholds: Thresholds

  var sentences: [String] {
    [failures, unproven, withoutValues, NoiseFloors.warning(floors), repeats].compactMap(\.self)
  }

  /// Each cell once, in order of appearance.
  private var cells: [MeasuredCell] {
    var seen: Set<MeasuredCell> = []
    return pairs.flatMap { [$0.baseline, $0.candidate] }.filter { seen.insert($0).inserted }
  }

  private var failures: String? {
    let failed = cells.filter { $0.failures > 0 }
    guard !failed.isEmpty else { return nil }
    let list = failed.map { "\($0.failures) of \($0.trials) of \($0.cell.key)" }.joined(separator: "; ")
    return "trials that did not end ok give no values (\(list)): what is compared may be the lucky ones"
  }

  private var unproven: String? {
    let doubtful = cells.filter { !$0.isProven && $0.failures < $0.trials }
    guard !doubtful.isEmpty else { return nil }
    let list = doubtful.map { cell in
      cell.cell.key + (cell.doubt.map { " (\($0))" } ?? "")
    }
    let consequence = doubtful.allSatisfy(\.isComparable) ? "" : ", and what is not verified is not compared"
    return
      "it is not verified which allocator served malloc in every trial of \(list.joined(separator: "; "))"
      + consequence
  }

  /// Only for what gates: that most metrics do not exist for most programs is no news.
  private var withoutValues: String? {
    var gaps: [String] = []
    for pair in pairs {
      let missing = definitions.filter { definition in
        thresholds.threshold(for: definition, of: pair.candidate.cell).gates
          && (pair.baseline.readings[definition.id] != nil || pair.candidate.readings[definition.id] != nil)
          && !pair.hasValues(of: definition.id)
      }
      guard !missing.isEmpty else { continue }
      gaps.append("\(missing.map(\.title).joined(separator: ", ")) of \(pair.candidate.cell.key)")
    }
    guard !gaps.isEmpty else { return nil }
    let why = pairs[0].isPaired ? "no block has values of both sides" : "one side has no values"
    return "not compared, because \(why): \(gaps.joined(separator: "; "))"
  }

  /// Only for what gates: faults and live bytes of threads differ a little in most programs.
  private var repeats: String? {
    let differing = judgements.filter { judgement in
      judgement.threshold.gates && judgement.threshold.lane == .exact
        && judgement.notes.contains { $0.hasPrefix(ExactLane.differNote) }
    }
    guard !differing.isEmpty else { return nil }
    let cells = Dictionary(grouping: differing, by: \.definition.title).map { title, judgements in
      judgements.count == 1
        ? "\(title) of \(judgements[0].candidate.cell.key)" : "\(title) in \(judgements.count) comparisons"
    }
    return
      "counts that should repeat exactly differ between trials (\(cells.sorted().joined(separator: "; "))): "
      + "something in the program depends on time, addresses or the order of threads"
  }
}
