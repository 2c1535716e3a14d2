import Model

/// What the trials of a cell said about one metric so far.
struct MetricAccumulator {
  private var readings: [MeasuredCell.Reading] = []
  private var provenance: Provenance?
  private var reason: (block: Int, text: String)?

  /// Takes what one `ok` trial says.
  mutating func add(_ value: MetricValue?, block: Int) {
    switch value {
    case .value(let number, let source) where number.isFinite:
      readings.append(.init(block: block, value: number))
      provenance = provenance.map { $0.weaker(of: source) } ?? source
    case .value: explain("the measured value was no finite number", block: block)
    case .unavailable(let text): explain(text, block: block)
    case nil: explain("not recorded", block: block)
    }
  }

  /// Keeps the reason of the earliest block, in whatever order trials arrive.
  private mutating func explain(_ text: String, block: Int) {
    if let reason, reason.block <= block { return }
    reason = (block, text)
  }

  /// The values of blocks in which another cell has one too, in order of blocks.
  func pairs(with baseline: MetricAccumulator) -> [PairedEffect.Pair] {
    let others = baseline.byBlock
    return byBlock.sorted { $0.key < $1.key }.compactMap { block, value in
      others[block].map { PairedEffect.Pair(value: value, baseline: $0) }
    }
  }

  /// One reading a block, in order of blocks.
  var ordered: [MeasuredCell.Reading] {
    byBlock.sorted { $0.key < $1.key }.map { .init(block: $0.key, value: $0.value) }
  }

  /// One value a block: a store holds no second, and of two the smaller counts, in whatever order they came.
  private var byBlock: [Int: Double] {
    Dictionary(readings.map { ($0.block, $0.value) }, uniquingKeysWith: min)
  }

  /// The result before it is compared with other cells; `trials` ended `ok`.
  func result(_ definition: MetricDefinition, trials: Int) -> MetricResult {
    let values = readings.sorted { ($0.block, $0.value) < ($1.block, $1.value) }.map(\.value)
    return MetricResult(
      definition: definition, values: values, provenance: provenance,
      summary: summary(of: values, trials: trials), unavailable: values.isEmpty ? reason?.text : nil,
      ratioToReference: nil, isBest: false)
  }

  /// Median and interval, with a note when some trials gave no value.
  private func summary(of values: [Double], trials: Int) -> Summary? {
    // Only the lack of values can fail here: `add` lets in none that is not finite.
    guard var summary = try? Median.interval(values) else { return nil }
    guard values.count < trials else { return summary }
    let why = reason.map { ": \($0.text)" } ?? ""
    let gap = "\(trials - values.count) of \(trials) trials have no value\(why)"
    summary.note = summary.note.map { "\($0); \(gap)" } ?? gap
    return summary
  }
}

extension Provenance {
  /// The one to name where trials differ: what is least certain of the two.
  fileprivate func weaker(of other: Provenance) -> Provenance {
    let order: [Provenance] = [.counted, .sampled, .simulated]
    return order.last { $0 == self || $0 == other } ?? self
  }
}
