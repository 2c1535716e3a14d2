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
    id = row["id"]
    startedAt = row["started_at"]
    title = row["title"]
    cells = row["cells"]
    trialsDone = row["done"]
    trialsPlanned = row["trials"] * cells
    if row.hasNull(atIndex: 4) == false {
      state = .finished
    } else if let runner = try ProcessStamp.parse(row["runner"], session: id), runner.isAlive {
      state = .running(pid: runner.pid)
    } else {
      state = .interrupted
    }
  }
}
