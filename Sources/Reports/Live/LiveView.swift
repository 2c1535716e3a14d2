import Model

/// What a live view shows of a run.
public struct LiveState: Sendable {
  /// How a trial ended, in a line.
  public struct Result: Hashable, Sendable {
    /// The cell.
    public var cell: Cell
    /// The trial.
    public var outcome: Outcome
    /// Peak resident, where there is one.
    public var peak: Double?
    /// CPU seconds, where there are any.
    public var cpu: Double?

    /// Takes from a trial what the view shows.
    public init(_ trial: Trial, of cell: Cell) {
      self.cell = cell
      outcome = trial.outcome
      peak = trial.values["peak_resident"]?.number
      cpu = trial.values["cpu"]?.number
    }
  }

  /// What the run is about.
  public var title: String
  /// The running cell; nil between trials.
  public var cell: Cell?
  /// Its block, from 0; below 0 while warming up.
  public var block = 0
  /// How many blocks the plan has, warm-up not counted; the most of them where the run stops by itself.
  public var blocks: Int
  /// Trials that have ended.
  public var done = 0
  /// Trials to run; the most of them where the run stops by itself.
  public var total = 0
  /// Trials that did not end `ok`.
  public var failures = 0
  /// How long it will still take, in words, as far as can be told.
  public var left: String?
  /// The curve of the running trial.
  public var curve = LiveCurve()
  /// The last results, the newest last.
  public var results: [Result] = []

  /// Begins before the first trial.
  public init(title: String, blocks: Int) {
    self.title = title
    self.blocks = blocks
  }
}

/// The live view of a run: the running cell, its resident curve so far, what is left, and the last results.
public enum LiveView {
  /// The newest results that are shown.
  public static let mostResults = 4
  private static let leastWidth = 36
  private static let leastHeight = 10

  /// Lines that fit a terminal of so many columns and rows, the last row left free for the cursor.
  ///
  /// A small terminal gets the line of progress alone.
  public static func lines(_ state: LiveState, width: Int, height: Int) -> [String] {
    let columns = max(1, width - 1)
    guard width >= leastWidth, height >= leastHeight else { return [fit(progress(state), columns)] }
    let results = state.results.suffix(mostResults).map { result($0) }
    let fixed = 2 + 2 + mostResults
    let rows = max(2, min(ResidentPlot.usualHeight, height - 1 - fixed - 2))
    let shown = height - 1 - fixed - 2 >= 2 ? results : []
    let lines =
      [cell(state), ""] + plot(state, width: columns, rows: rows) + ["", progress(state)] + shown
    return lines.map { fit($0, columns) }
  }

  private static func fit(_ line: String, _ columns: Int) -> String {
    DisplayWidth.truncate(line, to: columns).trimmingTrailingSpaces
  }

  private static func cell(_ state: LiveState) -> String {
    guard let cell = state.cell else { return Visible.text(state.title) }
    let resident = state.curve.resident.map { "  \(FigureText.text($0)) resident" } ?? ""
    return name(cell) + resident
  }

  private static func name(_ cell: Cell) -> String {
    let settings = cell.settings.name == SettingsSet.none.name ? "" : " with \(cell.settings.name)"
    let subject = cell.subject.arm ?? cell.subject.workload
    return Visible.text("\(subject) on \(cell.variant.shortName)\(settings)")
  }

  /// Always as many lines, so that the view does not jump.
  private static func plot(_ state: LiveState, width: Int, rows: Int) -> [String] {
    let picture = ResidentPlot(series: state.curve.series, width: width, height: rows).picture
    return picture + [String](repeating: "", count: max(0, rows + 2 - picture.count))
  }

  private static func progress(_ state: LiveState) -> String {
    let filled = state.total > 0 ? min(20, state.done * 20 / state.total) : 0
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let block = state.block < 0 ? "warm-up" : "block \(state.block + 1) of \(state.blocks)"
    let left = state.left.map { ", \($0) left" } ?? ""
    let failed = state.failures > 0 ? ", \(state.failures) not ok" : ""
    return "\(bar) \(state.done)/\(state.total)\(left)\(failed) · \(block)"
  }

  private static func result(_ result: LiveState.Result) -> String {
    let figures = [
      result.peak.map { "peak \(FigureText.text($0, unit: .bytes))" },
      result.cpu.map { "CPU \(FigureText.text($0, unit: .seconds))" },
    ].compactMap(\.self)
    let outcome = result.outcome == .ok ? figures : [result.outcome.longName]
    return "  \(name(result.cell)): \(outcome.joined(separator: ", "))"
  }
}
