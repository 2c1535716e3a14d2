import Findings
import Model
import Reports
import Store

/// The page of two stored sessions.
struct DiffTemplate {
  let old: Session
  let new: Session
  let store: Store

  /// Finds both sessions by their names.
  ///
  /// Throws: `InputError` where both are the same.
  init(old: String, new: String, in store: Store) throws {
    self.old = try store.session(matching: old)
    self.new = try store.session(matching: new)
    self.store = store
    guard self.old.id != self.new.id else {
      throw InputError(
        "both are session \(self.new.id)", hint: "name two; `heapscale show --list` lists them")
    }
  }

  /// Compares them and writes the page.
  func write(to path: String, options: ReportOptions) throws {
    let result = try Comparing.sessions(
      old: try store.analysis(of: old).measurements(), oldName: old.id,
      new: try store.analysis(of: new).measurements(), newName: new.id)
    try DiffTemplate.write(result, old, new, in: store, to: path, options: options)
  }

  /// Writes the page of a comparison; curves are read from the store.
  static func write(
    _ result: Model.ComparisonResult, _ old: Session, _ new: Session, in store: Store, to path: String,
    options: ReportOptions
  ) throws {
    let page = try DiffPage.render(
      result, old: try SessionReport.contents(of: old, in: store),
      new: try SessionReport.contents(of: new, in: store), options: options)
    if path == "-" { Terminal.output(page) } else { try OutputFile.write(page, to: path) }
  }
}
