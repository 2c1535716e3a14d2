import Model

/// Watches the warm-up blocks: when every cell failed in the same way, going on would only repeat it.
struct FutileStart {
  private let cells: Int
  private var trials: [Trial] = []

  /// Watches a session of so many cells.
  init(cells: Int) { self.cells = cells }

  /// Takes a trial; those of measured blocks say nothing here.
  mutating func add(_ trial: Trial) {
    guard trial.block < 0 else { return }
    if trials.last.map({ $0.block != trial.block }) ?? false { trials = [] }
    trials.append(trial)
  }

  /// Why it is futile to go on; nil when it is not, or when not all cells were tried.
  var reason: String? {
    guard let first = trials.first, trials.count == cells, Set(trials.map(\.cellKey)).count == cells,
      first.outcome != .ok, trials.allSatisfy({ $0.outcome == first.outcome })
    else { return nil }
    let message = first.message.map { ": \($0)" } ?? ""
    return "in the warm-up every cell ended in the same way, \(first.outcome)\(message)" + hint(first.outcome)
  }

  private func hint(_ outcome: Outcome) -> String {
    switch outcome {
    case .timeOut:
      ". Is this a server? It runs until somebody stops it: measure a command that starts it, uses it and stops it. "
        + "What only takes longer needs another --time-limit"
    case .outOfMemory: ". What needs more memory needs another --memory-limit"
    default: ""
    }
  }
}
