import GRDB
import Model

extension Store {
  /// One trial with its curve and its processes; nil when the cell was not measured in that block.
  ///
  /// Throws: `unknownSession`.
  public func trial(session id: String, cellKey: String, block: Int) throws(StoreError) -> Trial? {
    let found = try read { db in
      let number = try number(of: id, in: db)
      let before = StoredTrial.Place(block: block, position: Int.min, number: Int64.min)
      let cells = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM cell WHERE session = ?", arguments: [number])
      return try StoredTrial.fetch(
        db, session: number, after: before, limit: cells ?? 0,
        parts: TrialParts(series: true, processes: true))
    }
    for stored in found where stored.place.block == block {
      let trial = try stored.unpacked()
      if trial.cellKey == cellKey { return trial }
    }
    return nil
  }

  /// Mean wall seconds that trials of a cell took in any session, idle time included; nil when there is none.
  public func typicalSeconds(cellKey: String) throws(StoreError) -> Double? {
    try read { db in
      try Double.fetchOne(
        db,
        sql: """
          SELECT avg(json_extract(conditions, '$.elapsed')) FROM trial JOIN cell ON cell.number = trial.cell
          WHERE cell.key = ?
          """, arguments: [cellKey])
    }
  }

  /// How many measured trials of a session did not end `ok`.
  public func failedTrials(session id: String) throws(StoreError) -> Int {
    try read { db in
      let number = try number(of: id, in: db)
      return try Int.fetchOne(
        db, sql: "SELECT count(*) FROM trial WHERE session = ? AND block >= 0 AND outcome <> 'ok'",
        arguments: [number]) ?? 0
    }
  }
}
