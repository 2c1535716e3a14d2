import GRDB
import Model

/// A line of the list of sessions.
public struct SessionSummary: Hashable, Sendable {
  /// Where a session stands.
  public enum State: Hashable, Sendable {
    /// A live process measures it.
    case running(pid: Int32)
    /// Nothing is missing.
    case finished
    /// Nobody measures it and it was not finished: it can be resumed.
    case interrupted
  }

  /// The session's name.
  public let id: String
  /// When it began, in seconds since 1970.
  public let startedAt: Double
  /// What it was about.
  public let title: String
  /// How many cells it has.
  public let cells: Int
  /// Measured trials that are stored, without warm-up.
  public let trialsDone: Int
  /// Measured trials that the plan asks for.
  public let trialsPlanned: Int
  /// Where it stands.
  public let state: State
}

extension Store {
  /// All sessions, newest first.
  public func sessions() throws(StoreError) -> [SessionSummary] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT id, started_at, title, runner, finished_at, trials,
            (SELECT count(*) FROM cell WHERE cell.session = session.number) AS cells,
            (SELECT count(*) FROM trial WHERE trial.session = session.number AND block >= 0) AS done
          FROM session ORDER BY number DESC
          """)
      return try rows.map(SessionSummary.init)
    }
  }
}

extension SessionSummary {
  fileprivate init(row: Row) throws {
    id = try row.decode(forColumn: "id")
    startedAt = try row.decode(forColumn: "started_at")
    title = try row.decode(forColumn: "title")
    cells = try row.decode(forColumn: "cells")
    trialsDone = try row.decode(forColumn: "done")
    let planned: Int = try row.decode(forColumn: "trials")
    let (product, isTooMuch) = planned.multipliedReportingOverflow(by: cells)
    guard planned >= 0, !isTooMuch else {
      throw StoreError.undecodable(what: "the trials of session '\(id)'", detail: "\(planned) for each cell")
    }
    trialsPlanned = product
    if row.hasNull(atIndex: 4) == false {
      state = .finished
    } else if let runner = try ProcessStamp.parse(row.decode(forColumn: "runner"), session: id),
      runner.isAlive
    {
      state = .running(pid: runner.pid)
    } else {
      state = .interrupted
    }
  }
}
