import Findings
import Model
import Reports
import Store

/// A stored session as the contents of its page: results, comparisons, every trial, and a curve of each cell.
enum SessionReport {
  /// Reads a session once without curves, then the curve of one trial of each cell.
  static func contents(of session: Session, in store: Store) throws -> PageContents {
    var trials = TrialColumns()
    let analysis = try store.analysis(of: session) { trials.add($0) }
    return PageContents(
      result: analysis.result(), comparisons: Comparisons.all(of: session.plan, analysis.measurements()),
      curves: try curves(of: session.id, analysis, in: store), trials: trials)
  }

  private static func curves(
    of session: String, _ analysis: SessionAnalysis, in store: Store
  ) throws -> [CellCurve] {
    let cells = try store.cells(session: session)
    let columns = CellCurve.columns(cells: cells.count)
    var curves: [CellCurve] = []
    for cell in cells {
      guard let block = analysis.representativeBlock(cellKey: cell.key),
        let series = try store.series(session: session, cellKey: cell.key, block: block)
      else { continue }
      curves.append(CellCurve(cellKey: cell.key, block: block, series: series, columns: columns))
    }
    return curves
  }
}
