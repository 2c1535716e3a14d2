import GRDB
import Model

extension Store {
  /// What every session measured of one metric, oldest first: values of trials that ended `ok`, without warm-up.
  ///
  /// `workload` is a workload's id or an arm, `last` the newest sessions of each cell. Only values of the cells that are
  /// wanted are read, no trial as a whole and no curve. Sessions without a value are left out.
  /// Throws: `corrupt`, `undecodable`, `busy`.
  public func trendReadings(
    of metric: MetricID, workload: String? = nil, variant: Variant? = nil, last: Int? = nil
  ) throws(StoreError) -> [TrendReading] {
    try read { db in
      var cells = TrendCells(db, workload: workload, variant: variant, last: last)
      return try cells.newest().reversed().compactMap { cell in
        let values = try Double.fetchAll(
          try db.cachedStatement(sql: Store.trendValues), arguments: [metric.rawValue, cell.number])
        guard !values.isEmpty else { return nil }
        return TrendReading(
          session: cell.session.id, startedAt: cell.session.startedAt, fingerprint: cell.session.fingerprint,
          cell: cell.definition, values: values)
      }
    }
  }

  /// The workloads and arms of all sessions, for whoever misspelt one.
  public func knownWorkloads() throws(StoreError) -> [String] {
    try read { db in
      let texts = try String.fetchAll(db, sql: "SELECT DISTINCT definition FROM cell")
      let cells: [Cell] = try texts.map { try StoredText.value($0, of: "a cell") }
      return Set(cells.map { $0.subject.arm ?? $0.subject.workload }).sorted()
    }
  }

  private static let trendValues = """
    SELECT value.value FROM trial JOIN value ON value.trial = trial.number AND value.metric = ?
    WHERE trial.cell = ? AND trial.block >= 0 AND trial.outcome = 'ok' AND value.value IS NOT NULL
    ORDER BY trial.block
    """
}

/// Finds the cells that a trend is made of.
private struct TrendCells {
  /// One cell of one session.
  struct Found {
    let number: Int64
    let session: SessionFacts
    let definition: Cell
  }

  struct SessionFacts {
    let id: String
    let startedAt: Double
    let fingerprint: Fingerprint
  }

  private let db: Database
  private let workload: String?
  private let variant: Variant?
  private let last: Int?
  // Cells repeat from session to session, and sessions from cell to cell: each text is decoded once.
  private var definitions: [String: Cell] = [:]
  private var sessions: [Int64: SessionFacts] = [:]

  init(_ db: Database, workload: String?, variant: Variant?, last: Int?) {
    self.db = db
    self.workload = workload
    self.variant = variant
    self.last = last
  }

  /// The wanted cells, newest sessions first; at most `last` of each cell on each class of machine.
  mutating func newest() throws -> [Found] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT cell.number, cell.session, definition FROM cell JOIN session ON session.number = cell.session
        ORDER BY started_at DESC, session.number DESC, ordinal DESC
        """)
    var counts: [[String]: Int] = [:]
    var result: [Found] = []
    while let row = try rows.next() {
      let text: String = try row.decode(atIndex: 2)
      let cell = try definition(text)
      guard isWanted(cell) else { continue }
      let session = try session(row.decode(atIndex: 1))
      let key = [text] + Fingerprint.classFacts.map { session.fingerprint.facts[$0] ?? "" }
      counts[key, default: 0] += 1
      if let last, counts[key, default: 0] > last { continue }
      result.append(Found(number: try row.decode(atIndex: 0), session: session, definition: cell))
    }
    return result
  }

  private func isWanted(_ cell: Cell) -> Bool {
    (workload == nil || workload == cell.subject.workload || workload == cell.subject.arm)
      && (variant == nil || variant == cell.variant)
  }

  private mutating func definition(_ text: String) throws -> Cell {
    if let known = definitions[text] { return known }
    let cell: Cell = try StoredText.value(text, of: "a cell")
    definitions[text] = cell
    return cell
  }

  private mutating func session(_ number: Int64) throws -> SessionFacts {
    if let known = sessions[number] { return known }
    let row = try Row.fetchOne(
      db, sql: "SELECT id, started_at, host, artifacts, version FROM session WHERE number = ?",
      arguments: [number])
    guard let row else { throw StoreError.undecodable(what: "a cell", detail: "its session is missing") }
    let id: String = try row.decode(forColumn: "id")
    let facts = SessionFacts(
      id: id, startedAt: try row.decode(forColumn: "started_at"),
      fingerprint: Fingerprint(
        host: try StoredText.value(row.decode(forColumn: "host"), of: "the host of session '\(id)'"),
        version: try row.decode(forColumn: "version"),
        artifacts: try StoredText.value(
          row.decode(forColumn: "artifacts"), of: "the artifacts of session '\(id)'")))
    sessions[number] = facts
    return facts
  }
}
