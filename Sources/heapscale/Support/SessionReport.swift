import Findings
import Model
import Reports
import Store

/// A stored session as the contents of its page: results, comparisons, every trial, and a curve of each cell.
enum SessionReport {
  /// The metric that chooses whose curve stands for a cell.
  private static let representative: MetricID = "peak_resident"

  /// Reads a session once without curves, then the curve of one trial of each cell.
  static func contents(of session: Session, in store: Store) throws -> PageContents {
    let cells = try store.cells(session: session.id)
    var analysis = SessionAnalysis(session: session, cells: cells, definitions: Measurement.definitions)
    var trials = TrialColumns()
    var cursor = try store.trialCursor(session: session.id)
    while let trial = try cursor.next() {
      analysis.add(trial)
      trials.add(trial)
    }
    return PageContents(
      result: analysis.result(), comparisons: Comparisons.all(of: session.plan, analysis.measurements()),
      curves: try curves(of: cells, session: session.id, trials, in: store), trials: trials)
  }

  private static func curves(
    of cells: [Cell], session: String, _ trials: TrialColumns, in store: Store
  ) throws -> [CellCurve] {
    let columns = CellCurve.columns(cells: cells.count)
    var curves: [CellCurve] = []
    for cell in cells {
      guard let block = trials.representativeBlock(cellKey: cell.key, metric: representative),
        let series = try store.series(session: session, cellKey: cell.key, block: block)
      else { continue }
      curves.append(CellCurve(cellKey: cell.key, block: block, series: series, columns: columns))
    }
    return curves
  }
}
