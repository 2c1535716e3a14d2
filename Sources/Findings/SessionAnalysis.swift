import Model

/// Turns the trials of a session into results, one trial after another.
///
/// It keeps values and words and no curve, so that a session of thousands of trials needs a few
/// megabytes. The order of the trials does not matter. Trials of warm-up blocks (below 0) are left out.
public struct SessionAnalysis: Sendable {
  let session: Session
  let definitions: [MetricDefinition]
  private(set) var cells: [CellAccumulator]
  private(set) var noise = NoiseReport()
  private let indices: [String: Int]
  private var conditions = ConditionsAccumulator()
  private var processes: [String: CellProcesses] = [:]

  /// Begins with no trials. `cells` are in the order of the plan, `definitions` in that of the registry.
  public init(session: Session, cells: [Cell], definitions: [MetricDefinition]) {
    self.session = session
    self.definitions = definitions
    self.cells = cells.map { CellAccumulator($0, definitions: definitions) }
    indices = Dictionary(zip(cells.map(\.key), cells.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Takes one trial.
  public mutating func add(_ trial: Trial) {
    guard trial.block >= 0 else {
      if let index = indices[trial.cellKey] { cells[index].add(warmup: trial) }
      return
    }
    guard let index = indices[trial.cellKey] else {
      conditions.strayTrials += 1
      return
    }
    cells[index].add(trial)
    conditions.add(trial)
    noise.add(trial)
  }

  /// The metric whose median chooses the trial that stands for a cell.
  private static let representative: MetricID = "peak_resident"

  /// The block of the trial that stands for a cell: its peak is the median of the cell's `ok` trials. Where none has
  /// one, `orAny` gives the first measured block, so that a failed cell shows what ran.
  public func representativeBlock(cellKey: String, orAny: Bool = false) -> Int? {
    guard let index = indices[cellKey] else { return nil }
    return cells[index].medianBlock(of: Self.representative) ?? (orAny ? cells[index].firstBlock : nil)
  }

  /// Takes the processes of the trial that stands for a cell (`representativeBlock`).
  public mutating func add(_ processes: ProcessTable, block: Int, cellKey: String) {
    guard !processes.isEmpty else { return }
    self.processes[cellKey] = CellProcesses(block: block, table: processes)
  }

  /// What all trials so far say.
  public func result() -> SessionResult {
    var cells = cells
    if session.isFutile { for index in cells.indices { cells[index].countWarmup() } }
    var results = cells.map { $0.result() }
    for index in results.indices {
      results[index].audit = session.audit(of: results[index].cell)
      results[index].processes = processes[results[index].cell.key]
      if cells[index].trials == 0, let reason = session.reasonToLeaveOut(results[index].cell) {
        results[index].leftOut = reason
        for metric in results[index].metrics.indices { results[index].metrics[metric].unavailable = reason }
      }
    }
    SettingsEffects.compare(&results, cells: cells)
    Standing.compare(&results, reference: session.plan.reference)
    let notes = SessionNotes(session: session, cells: cells, results: results, conditions: conditions)
    return SessionResult(session: session, cells: results, notes: notes.sentences)
  }

  /// What some trials of a session say, when they are all at hand.
  public static func result(
    session: Session, cells: [Cell], trials: some Sequence<Trial>, definitions: [MetricDefinition]
  ) -> SessionResult {
    var analysis = SessionAnalysis(session: session, cells: cells, definitions: definitions)
    for trial in trials { analysis.add(trial) }
    return analysis.result()
  }
}
