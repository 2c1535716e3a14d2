import Foundation
import GRDB
import Model

extension Store {
  /// Stores a session with its cells, in the order of the plan, as being measured by this process.
  ///
  /// Throws: `sessionExists`.
  public func insert(session: Session, cells: [Cell]) throws(StoreError) {
    try write { db in
      try insert(session, cells: cells, finishedAt: nil, runner: ProcessStamp.current, in: db)
    }
  }

  /// Replaces what is known of a session besides its cells and trials, for example its artifacts and simulations.
  ///
  /// Throws: `unknownSession`.
  public func update(session: Session) throws(StoreError) {
    try write { db in
      let number = try number(of: session.id, in: db)
      try db.execute(
        sql: """
          UPDATE session SET started_at = ?, title = ?, trials = ?, plan = ?, host = ?, skipped = ?,
            artifacts = ?, command_line = ?, audits = ?, simulations = ?, facts = ?, version = ?
            WHERE number = ?
          """,
        arguments: try columns(of: session) + [number])
    }
  }

  /// Replaces what a session's figures depend on.
  ///
  /// Throws: `unknownSession`.
  public func update(facts: [ExperimentFact], session id: String) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE session SET facts = ? WHERE number = ?",
        arguments: [try StoredText.json(facts), try number(of: id, in: db)])
    }
  }

  /// Takes a session over to measure what is missing of it.
  ///
  /// Throws: `sessionRunning` while another process measures it, `unknownSession`.
  public func claim(session id: String) throws(StoreError) {
    try write { db in
      try refuseRunning(id, in: db)
      let runner = try ProcessStamp.current.map { try StoredText.json($0) }
      try db.execute(
        sql: "UPDATE session SET finished_at = NULL, runner = ? WHERE id = ?", arguments: [runner, id])
    }
  }

  /// Marks a session as complete.
  ///
  /// Throws: `unknownSession`.
  public func finish(session id: String) throws(StoreError) {
    try leave(id, finishedAt: Date().timeIntervalSince1970)
  }

  /// Marks a session as interrupted: nobody measures it, and trials are missing.
  ///
  /// A harness that is killed need not call this: its session counts as interrupted once it is gone.
  /// Throws: `unknownSession`.
  public func interrupt(session id: String) throws(StoreError) {
    try leave(id, finishedAt: nil)
  }

  /// Deletes a session with its cells, trials and series.
  ///
  /// Throws: `sessionRunning`, `unknownSession`.
  public func delete(session id: String) throws(StoreError) {
    try write { db in
      try refuseRunning(id, in: db)
      try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id])
    }
  }

  private func leave(_ id: String, finishedAt: Double?) throws(StoreError) {
    try write { db in
      let number = try number(of: id, in: db)
      try db.execute(
        sql: "UPDATE session SET finished_at = ?, runner = NULL WHERE number = ?",
        arguments: [finishedAt, number])
    }
  }

  private func refuseRunning(_ id: String, in db: Database) throws {
    let runner = try liveRunner(of: id, in: db)
    if let runner, runner != ProcessStamp.current {
      throw StoreError.sessionRunning(id: id, pid: runner.pid)
    }
  }
}

// MARK: - Rows

extension Store {
  /// The live process that measures a session.
  func liveRunner(of id: String, in db: Database) throws -> ProcessStamp? {
    let number = try number(of: id, in: db)
    let text = try String.fetchOne(
      db, sql: "SELECT runner FROM session WHERE number = ?", arguments: [number])
    let runner = try ProcessStamp.parse(text, session: id)
    return runner?.isAlive == true ? runner : nil
  }

  /// The row of a session.
  func number(of id: String, in db: Database) throws -> Int64 {
    let statement = try db.cachedStatement(sql: "SELECT number FROM session WHERE id = ?")
    guard let number = try Int64.fetchOne(statement, arguments: [id]) else {
      throw StoreError.unknownSession(name: id, known: try SessionNames(db).suggestions(for: id))
    }
    return number
  }

  /// Inserts a session with its cells within a transaction.
  func insert(
    _ session: Session, cells: [Cell], finishedAt: Double?, runner: ProcessStamp?, in db: Database
  ) throws {
    guard try Int.fetchOne(db, sql: "SELECT 1 FROM session WHERE id = ?", arguments: [session.id]) == nil
    else { throw StoreError.sessionExists(id: session.id) }
    let runner = try runner.map { try StoredText.json($0) }
    try db.execute(
      sql: """
        INSERT INTO session (started_at, title, trials, plan, host, skipped, artifacts, command_line,
          audits, simulations, facts, version, id, finished_at, runner)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: try columns(of: session) + [session.id, finishedAt, runner])
    try insert(cells, session: db.lastInsertedRowID, firstOrdinal: 0, in: db)
  }

  /// Inserts cells of a session within a transaction.
  func insert(_ cells: [Cell], session: Int64, firstOrdinal: Int, in db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT INTO cell (session, ordinal, key, definition) VALUES (?, ?, ?, ?)")
    for (offset, cell) in cells.enumerated() {
      try statement.execute(
        arguments: [session, firstOrdinal + offset, cell.key, try StoredText.json(cell)])
    }
  }

  private func columns(of session: Session) throws -> StatementArguments {
    [
      session.startedAt, StoredText.plain(session.plan.title), session.plan.trials,
      try StoredText.json(session.plan), try StoredText.json(session.host),
      try StoredText.json(session.skipped), try StoredText.json(session.artifacts),
      try StoredText.json(session.commandLine), try StoredText.json(session.audits),
      try StoredText.json(session.simulations), try StoredText.json(session.facts), session.version,
    ]
  }
}
