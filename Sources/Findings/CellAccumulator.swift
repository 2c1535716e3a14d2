import Model

/// What the measured trials of one cell said so far: values and words, no curves.
struct CellAccumulator {
  let cell: Cell
  let definitions: [MetricDefinition]
  private(set) var metrics: [MetricAccumulator]
  private var proven = IdentityAccumulator()
  /// Of trials that a limit or a signal ended: who served malloc as last seen.
  private var lastSeen = IdentityAccumulator()
  private var outcomes: [Outcome: (block: Int, count: Int)] = [:]
  /// How the warm-up ended, where nothing was measured after it.
  private var warmup: [Outcome: (block: Int, count: Int)] = [:]
  private var warmupMessages: [String: Int] = [:]
  private var warmupSeen = IdentityAccumulator()
  private var messages: [String: Int] = [:]
  /// The first measured block.
  private(set) var firstBlock: Int?
  /// What the workload worked out in its `ok` trials (`answer` of `Trial.conditions`): one, if all is well.
  private(set) var answers: Set<String> = []

  init(_ cell: Cell, definitions: [MetricDefinition]) {
    self.cell = cell
    self.definitions = definitions
    metrics = definitions.map { _ in MetricAccumulator() }
  }

  /// Trials of any outcome.
  var trials: Int { outcomes.values.reduce(0) { $0 + $1.count } }

  /// Trials that ended `ok`.
  var okTrials: Int { outcomes[.ok]?.count ?? 0 }

  /// Whether every `ok` trial proves that the variant's allocator served malloc.
  var isProven: Bool { identity.verified }

  /// Which allocator served malloc.
  var identity: Identity { okTrials > 0 ? proven.combined : lastSeen.combined }

  /// Whether its figures bear the right name: of a command as it is nothing is claimed.
  var isComparable: Bool { cell.isAsItIs || isProven }

  /// Takes a trial of the warm-up, which counts only where nothing else does.
  mutating func add(warmup trial: Trial) {
    let before = warmup[trial.outcome]
    warmup[trial.outcome] = (min(before?.block ?? trial.block, trial.block), (before?.count ?? 0) + 1)
    if let message = trial.message { warmupMessages[message] = trial.block }
    if trial.outcome.isKill { warmupSeen.add(trial.identity, block: trial.block) }
  }

  /// Lets the warm-up stand for the trials that a run did without, because all of it failed.
  mutating func countWarmup() {
    guard trials == 0 else { return }
    (outcomes, messages, lastSeen) = (warmup, warmupMessages, warmupSeen)
  }

  /// Takes a measured trial. Only one that ended `ok` gives values.
  mutating func add(_ trial: Trial) {
    firstBlock = min(firstBlock ?? trial.block, trial.block)
    let before = outcomes[trial.outcome]
    outcomes[trial.outcome] = (min(before?.block ?? trial.block, trial.block), (before?.count ?? 0) + 1)
    if let message = trial.message {
      messages[message] = min(messages[message] ?? trial.block, trial.block)
    }
    guard trial.outcome == .ok else {
      if trial.outcome.isKill { lastSeen.add(trial.identity, block: trial.block) }
      return
    }
    proven.add(trial.identity, block: trial.block)
    if let answer = trial.conditions["answer"] { answers.insert(answer) }
    for (index, definition) in definitions.enumerated() {
      metrics[index].add(trial.values[definition.id], block: trial.block)
    }
  }

  /// The values of a metric, by its place, in blocks in which another cell has one too.
  func pairs(of metric: Int, with baseline: CellAccumulator) -> [PairedEffect.Pair] {
    metrics[metric].pairs(with: baseline.metrics[metric])
  }

  /// The block whose value of a metric is the median of the `ok` trials; of two in the middle the lower one.
  func medianBlock(of metric: MetricID) -> Int? {
    guard let index = definitions.firstIndex(where: { $0.id == metric }) else { return nil }
    let sorted = metrics[index].ordered.sorted { ($0.value, $0.block) < ($1.value, $1.block) }
    return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2].block
  }

  /// Whether the median of a metric, by its place, is below what its instrument resolves.
  func isBelowResolution(_ metric: Int) -> Bool {
    metrics[metric].result(definitions[metric], trials: okTrials).isBelowResolution
  }

  /// The cell's result before it is compared with others.
  func result() -> CellResult {
    let ordered = outcomes.sorted { left, right in
      (left.value.block, left.key.description) < (right.value.block, right.key.description)
    }
    let outcomes = ordered.map { OutcomeCount(outcome: $0.key, count: $0.value.count) }
    let missing =
      trials == 0 ? "not measured" : "no trial ended ok (\(outcomes.map(\.text).joined(separator: ", ")))"
    return CellResult(
      cell: cell, identity: identity, outcomes: outcomes,
      messages: messages.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key),
      metrics: zip(definitions, metrics).map { definition, metric in
        var result = metric.result(definition, trials: okTrials)
        if okTrials == 0 { result.unavailable = missing }
        return result
      })
  }
}

extension OutcomeCount {
  /// `time-out 3`.
  var text: String { "\(outcome) \(count)" }
}

extension Outcome {
  /// Whether a limit or a signal ended the program, whoever served malloc in it.
  fileprivate var isKill: Bool {
    switch self {
    case .timeOut, .outOfMemory, .signal: true
    case .ok, .wrongAnswer, .implausibleTelemetry, .exit, .preloadFailed, .launchFailed: false
    }
  }
}
