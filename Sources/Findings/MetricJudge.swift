import Model

/// Judges one metric of two cells, as far as that goes without knowing how many others are judged.
struct MetricJudge {
  let pair: CellPair
  let definition: MetricDefinition
  let threshold: Threshold

  /// Nil where the two sides have no values to compare.
  ///
  /// Throws: `threshold` for one that is negative or not finite.
  func draft() throws(FindingsError) -> JudgementDraft? {
    for part in [threshold.relative, threshold.absolute ?? 0] where !part.isFinite || part < 0 {
      throw .threshold(metric: definition.id, value: part)
    }
    let before = pair.baseline.byBlock(definition.id)
    let after = pair.candidate.byBlock(definition.id)
    guard !before.isEmpty, !after.isEmpty else { return nil }
    guard var draft = try draft(before, after) else { return nil }
    if pair.isBelowResolution(definition) {
      // The values are compared by what is known of them for certain; how many times one is the other is not.
      draft.judgement.effect = nil
      draft.judgement.notes = [
        "below \(definition.resolutionText ?? ""), which is what the instrument resolves"
      ]
    }
    return draft
  }

  private func draft(_ before: [Int: Double], _ after: [Int: Double]) throws(FindingsError) -> JudgementDraft?
  {
    guard threshold.lane == .exact else { return try sampled(before, after, notes: []) }
    let lane = ExactLane(
      values: numbers(after), baselines: numbers(before), threshold: threshold)
    let few = min(before.count, after.count) < ExactLane.repeatsNeeded
    if few || lane.verdict != nil { return exact(lane, before, after, isTooFew: few) }
    let note = "\(ExactLane.differNote) (\(lane.ranges)): it is compared by statistics"
    return try sampled(before, after, notes: [note])
  }

  private func exact(
    _ lane: ExactLane, _ before: [Int: Double], _ after: [Int: Double], isTooFew: Bool
  ) -> JudgementDraft {
    let effect = lane.effect
    var judgement = judgement(before, after, effect: effect, difference: lane.difference, lane: .exact)
    if let note = effect?.note { judgement.notes.append(note) }
    if isTooFew {
      judgement.missing = ExactLane.repeatsNeeded - min(before.count, after.count)
      judgement.notes.append("one trial cannot show that a count repeats")
    } else {
      judgement.verdict = lane.verdict ?? .inconclusive
      if lane.repeatsDiffer { judgement.notes.append("\(ExactLane.differNote) (\(lane.ranges))") }
    }
    return JudgementDraft(judgement: judgement, test: nil)
  }

  private func sampled(
    _ before: [Int: Double], _ after: [Int: Double], notes: [String]
  ) throws(FindingsError) -> JudgementDraft? {
    let common = pair.isPaired ? Set(before.keys).intersection(after.keys) : []
    guard !pair.isPaired || !common.isEmpty else { return nil }
    let before = pair.isPaired ? before.filter { common.contains($0.key) } : before
    let after = pair.isPaired ? after.filter { common.contains($0.key) } : after
    let contrast =
      pair.isPaired
      ? Contrast(
        paired: pair.blocks(of: definition.id).map {
          .init(value: definition.resolved($0.pair.value), baseline: definition.resolved($0.pair.baseline))
        })
      : Contrast(values: numbers(after), baselines: numbers(before))
    let effect = try contrast.effect()
    var judgement = judgement(
      before, after, effect: effect, difference: try contrast.difference(), lane: .sampled)
    let nothing = effect == nil ? "every value compared with is 0, and nothing is a share of that" : nil
    judgement.notes = notes + [effect?.note, nothing].compactMap(\.self)
    return JudgementDraft(judgement: judgement, test: try test(contrast))
  }

  private func test(_ contrast: Contrast) throws(FindingsError) -> JudgementDraft.Test {
    let above = contrast.probability(above: threshold)
    let below = contrast.probability(below: threshold)
    let isWorseAbove = threshold.better == .lower
    return JudgementDraft.Test(
      worse: isWorseAbove ? above : below, better: isWorseAbove ? below : above,
      isSame: try contrast.isWithin(threshold), contrast: contrast)
  }

  private func judgement(
    _ before: [Int: Double], _ after: [Int: Double], effect: Effect?, difference: Difference, lane: Lane
  ) -> Judgement {
    Judgement(
      definition: definition, baseline: side(pair.baseline, pair.baselineName, before),
      candidate: side(pair.candidate, pair.candidateName, after), place: pair.place, effect: effect,
      difference: difference, threshold: threshold, lane: lane, isPaired: pair.isPaired,
      verdict: .inconclusive)
  }

  /// In order of blocks, since sums depend on the order by a rounding; at least what the instrument resolves.
  private func numbers(_ values: [Int: Double]) -> [Double] {
    values.sorted { $0.key < $1.key }.map { definition.resolved($0.value) }
  }

  private func side(_ cell: MeasuredCell, _ name: String, _ values: [Int: Double]) -> JudgedSide {
    let ordered = values.sorted { $0.key < $1.key }
    let numbers = ordered.map(\.value)
    return JudgedSide(
      cell: cell.cell, name: name, count: numbers.count, median: Median.middle(of: numbers.sorted()),
      outliers: Outliers.indices(numbers).map { ordered[$0].key })
  }
}
