import Foundation
import GRDB
import Model

/// What is read of a trial besides its values and words.
struct TrialParts {
  var series: Bool
  var processes: Bool
}

/// A trial as it comes out of the tables, its curve still compressed and its processes still a text.
struct StoredTrial {
  /// Where a trial stands in the order of a session.
  struct Place {
    let block: Int
    let position: Int
    let number: Int64
  }

  let place: Place
  private var trial: Trial
  private let curve: Data?
  private let processes: String?

  /// The trial as it was recorded.
  func unpacked() throws(StoreError) -> Trial {
    var whole = trial
    if let curve { whole.series = try SeriesFormat.decode(curve) }
    if let processes {
      let table: ProcessTable = try StoredText.value(
        processes, of: "the processes of block \(trial.block) of cell '\(trial.cellKey)'")
      (whole.processes, whole.otherProcesses) = (table.records, table.others)
    }
    return whole
  }

  private static let blocks = -1_000_000...1_000_000_000

  /// Some trials of a session, in order of blocks, that come after a place.
  static func fetch(
    _ db: Database, session: Int64, after place: Place?, limit: Int, parts: TrialParts
  ) throws -> [StoredTrial] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT trial.number, key, block, position, started_at, outcome, message, stderr_tail, identity,
          conditions, \(parts.series ? "data" : "NULL") AS data,
          \(parts.processes ? "processes" : "NULL") AS processes
        FROM trial JOIN cell ON cell.number = trial.cell
          \(parts.series ? "LEFT JOIN series ON series.trial = trial.number" : "")
          \(parts.processes ? "LEFT JOIN tree ON tree.trial = trial.number" : "")
        WHERE trial.session = ? AND (block, position, trial.number) > (?, ?, ?)
        ORDER BY block, position, trial.number LIMIT ?
        """)
    let arguments: StatementArguments = [
      session, place?.block ?? Int.min, place?.position ?? Int.min, place?.number ?? Int64.min, limit,
    ]
    return try Row.fetchAll(statement, arguments: arguments).map { try StoredTrial($0, in: db) }
  }

  private init(_ row: Row, in db: Database) throws {
    place = Place(
      block: try row.decode(forColumn: "block"), position: try row.decode(forColumn: "position"),
      number: try row.decode(forColumn: "number"))
    let cellKey: String = try row.decode(forColumn: "key")
    let name = "block \(place.block) of cell '\(cellKey)'"
    // Whoever counts on from a block must not come to the end of all numbers.
    guard StoredTrial.blocks.contains(place.block), StoredTrial.blocks.contains(place.position) else {
      throw StoreError.undecodable(what: name, detail: "no session has so many")
    }
    let outcomeText: String = try row.decode(forColumn: "outcome")
    guard let outcome = Outcome(outcomeText) else {
      throw StoreError.undecodable(what: "the outcome of \(name)", detail: outcomeText)
    }
    trial = Trial(
      cellKey: cellKey, block: place.block, position: place.position,
      startedAt: try row.decode(forColumn: "started_at"),
      outcome: outcome, message: try row.decode(forColumn: "message"),
      stderrTail: try row.decode(forColumn: "stderr_tail"),
      values: try StoredTrial.values(of: place.number, name: name, in: db), series: nil,
      identity: try StoredText.value(row.decode(forColumn: "identity"), of: "the identity of \(name)"),
      conditions: try StoredText.value(row.decode(forColumn: "conditions"), of: "the conditions of \(name)"))
    curve = try row.decode(forColumn: "data")
    processes = try row.decode(forColumn: "processes")
  }

  private static func values(
    of trial: Int64, name: String, in db: Database
  ) throws -> [MetricID: MetricValue] {
    let statement = try db.cachedStatement(
      sql: "SELECT metric, value, provenance, unavailable FROM value WHERE trial = ?")
    let rows = try Row.fetchCursor(statement, arguments: [trial])
    var values: [MetricID: MetricValue] = [:]
    while let row = try rows.next() {
      let metric: String = try row.decode(atIndex: 0)
      if let number: Double = try row.decode(atIndex: 1) {
        guard let provenance = Provenance(rawValue: try row.decode(atIndex: 2)) else {
          throw StoreError.undecodable(what: "metric '\(metric)' of \(name)", detail: "unknown provenance")
        }
        values[MetricID(metric)] = .value(number, provenance)
      } else {
        values[MetricID(metric)] = .unavailable(try row.decode(atIndex: 3))
      }
    }
    return values
  }
}
