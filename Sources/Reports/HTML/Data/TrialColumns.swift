import Model

/// Every measured trial of a session in few bytes, taken in one after another.
///
/// Values are kept by cell and metric in the order of the trials; texts only where a trial has something to say.
public struct TrialColumns: Sendable {
  /// What the trials of one cell gave.
  struct Cell: Sendable {
    var blocks: [Int] = []
    /// Outcomes other than `ok`, by the place of the trial.
    var outcomes: [Int: Outcome] = [:]
    /// Messages, by the place of the trial.
    var messages: [Int: String] = [:]
    /// A value for each trial; `nan` where there is none. Shorter where the last ones have none.
    var values: [MetricID: [Double]] = [:]
  }

  private(set) var cells: [String: Cell] = [:]
  /// How many trials there are.
  public private(set) var count = 0

  /// No trials.
  public init() {}

  /// Takes a trial; those of warm-up blocks are left out.
  public mutating func add(_ trial: Trial) {
    guard trial.block >= 0 else { return }
    count += 1
    cells[trial.cellKey, default: Cell()].add(trial)
  }
}

extension TrialColumns.Cell {
  fileprivate mutating func add(_ trial: Trial) {
    let place = blocks.count
    blocks.append(trial.block)
    if trial.outcome != .ok { outcomes[place] = trial.outcome }
    if let message = trial.message { messages[place] = message }
    for case (let metric, .value(let number, _)) in trial.values where number.isFinite {
      let missing = place - (values[metric]?.count ?? 0)
      values[metric, default: []].append(contentsOf: repeatElement(.nan, count: missing))
      values[metric]?.append(number)
    }
  }
}
