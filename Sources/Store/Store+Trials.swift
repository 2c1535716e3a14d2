import Foundation
import GRDB
import Model

/// One place in the schedule of a session.
public struct TrialSlot: Hashable, Sendable {
  /// Which cell (`Cell.key`).
  public let cellKey: String
  /// Which block; below 0 for warm-up.
  public let block: Int

  /// Names a place.
  public init(cellKey: String, block: Int) {
    self.cellKey = cellKey
    self.block = block
  }
}

extension Store {
  /// Stores a trial with its values, its curve and its processes in one transaction.
  ///
  /// A value that is no finite number is stored as unavailable, with what it was as the reason. Of a large tree the
  /// processes that matter are stored one by one, the others in sum (`ProcessTable.compacted`).
  /// Throws: `duplicateTrial`, `unknownCell`, `unknownSession`, `diskFull`, `inputOutput`, `busy`.
  public func record(_ trial: Trial, session id: String) throws(StoreError) {
    try record([trial], session: id)
  }

  /// Stores trials in one transaction: all of them, or none and the first error.
  func record(_ trials: [Trial], session id: String) throws(StoreError) {
    try write { db in
      let session = try number(of: id, in: db)
      for trial in trials { try record(trial, session: session, id: id, in: db) }
    }
  }

  private func record(_ trial: Trial, session: Int64, id: String, in db: Database) throws {
    guard let cell = try cell(trial.cellKey, session: session, in: db) else {
      throw StoreError.unknownCell(session: id, cellKey: trial.cellKey)
    }
    do {
      try insert(trial, session: session, cell: cell, in: db)
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
      throw StoreError.duplicateTrial(session: id, cellKey: trial.cellKey, block: trial.block)
    }
    let number = db.lastInsertedRowID
    try insert(trial.values, trial: number, in: db)
    if let series = trial.series { try insert(series, trial: number, in: db) }
    if !trial.processTable.isEmpty { try insert(trial.processTable.compacted(), trial: number, in: db) }
  }

  /// Which trials of a session are stored, whatever their outcome: what a resumed run leaves out.
  ///
  /// Throws: `unknownSession`.
  public func recordedTrials(session id: String) throws(StoreError) -> Set<TrialSlot> {
    try read { db in
      let rows = try Row.fetchCursor(
        db, sql: "SELECT key, block FROM trial JOIN cell ON cell.number = trial.cell WHERE trial.session = ?",
        arguments: [try number(of: id, in: db)])
      var slots: Set<TrialSlot> = []
      while let row = try rows.next() {
        slots.insert(TrialSlot(cellKey: try row.decode(atIndex: 0), block: try row.decode(atIndex: 1)))
      }
      return slots
    }
  }

  /// The row of a cell.
  func cell(_ key: String, session: Int64, in db: Database) throws -> Int64? {
    let statement = try db.cachedStatement(sql: "SELECT number FROM cell WHERE session = ? AND key = ?")
    return try Int64.fetchOne(statement, arguments: [session, key])
  }

  private func insert(_ trial: Trial, session: Int64, cell: Int64, in db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO trial (session, cell, block, position, started_at, outcome, message, stderr_tail,
          identity, conditions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(
      arguments: [
        session, cell, trial.block, trial.position, trial.startedAt, trial.outcome.description,
        trial.message.map(StoredText.plain), StoredText.plain(trial.stderrTail),
        try StoredText.json(trial.identity), try StoredText.json(trial.conditions),
      ])
  }

  private func insert(_ values: [MetricID: MetricValue], trial: Int64, in db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT INTO value (trial, metric, value, provenance, unavailable) VALUES (?, ?, ?, ?, ?)")
    for (metric, value) in values {
      switch value {
      case .value(let number, let provenance) where number.isFinite:
        try statement.execute(arguments: [trial, metric.rawValue, number, provenance.rawValue, nil])
      case .value(let number, _):
        let reason = "the measured value was no finite number (\(number))"
        try statement.execute(arguments: [trial, metric.rawValue, nil, nil, reason])
      case .unavailable(let reason):
        try statement.execute(arguments: [trial, metric.rawValue, nil, nil, StoredText.plain(reason)])
      }
    }
  }

  private func insert(_ processes: ProcessTable, trial: Int64, in db: Database) throws {
    let statement = try db.cachedStatement(sql: "INSERT INTO tree (trial, processes) VALUES (?, ?)")
    try statement.execute(arguments: [trial, try StoredText.json(processes)])
  }

  private func insert(_ series: ResidentSeries, trial: Int64, in db: Database) throws {
    let statement = try db.cachedStatement(sql: "INSERT INTO series (trial, data) VALUES (?, ?)")
    try statement.execute(arguments: [trial, SeriesFormat.encode(series)])
  }
}
