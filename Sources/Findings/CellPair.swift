import Model

/// Two cells that are compared, and how to speak of them.
struct CellPair {
  let baseline: MeasuredCell
  let candidate: MeasuredCell
  /// Short names that tell the two apart.
  let baselineName: String
  let candidateName: String
  /// What they have in common: `on larson threads=4`, or nothing.
  let subject: String
  /// The rest of it: `with tight`, or nothing.
  let context: String
  let isPaired: Bool

  /// Whether the figures of both sides bear the right names.
  var isComparable: Bool { baseline.isComparable && candidate.isComparable }

  /// What both sides have in common, as a phrase.
  var place: String { [subject, context].filter { !$0.isEmpty }.joined(separator: " ") }

  /// The values of a metric in blocks in which both sides have one, in order of blocks.
  func blocks(of metric: MetricID) -> [(block: Int, pair: PairedEffect.Pair)] {
    let others = baseline.byBlock(metric)
    return candidate.byBlock(metric).sorted { $0.key < $1.key }.compactMap { block, value in
      others[block].map { (block, PairedEffect.Pair(value: value, baseline: $0)) }
    }
  }

  /// Whether both sides have values of a metric that can be compared.
  func hasValues(of metric: MetricID) -> Bool {
    isPaired
      ? !blocks(of: metric).isEmpty
      : !baseline.byBlock(metric).isEmpty && !candidate.byBlock(metric).isEmpty
  }
}

extension CellPair {
  /// Whether either side's median of a metric is below what its instrument resolves.
  func isBelowResolution(_ definition: MetricDefinition) -> Bool {
    [baseline, candidate].contains { cell in
      let values = cell.byBlock(definition.id).values.sorted()
      return !values.isEmpty && definition.isBelowResolution(Median.middle(of: values))
    }
  }
}

extension MeasuredCell {
  /// One finite value a block: of two, as only a damaged file can hold, the smaller.
  func byBlock(_ metric: MetricID) -> [Int: Double] {
    let finite = (readings[metric] ?? []).filter(\.value.isFinite)
    return Dictionary(finite.map { ($0.block, $0.value) }, uniquingKeysWith: min)
  }
}
