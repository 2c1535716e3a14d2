import Foundation
import GRDB
import Model

/// What joining another store or document brought.
public struct MergeReport: Hashable, Sendable {
  /// Sessions that were not here before.
  public internal(set) var sessionsAdded = 0
  /// Trials that were not here before.
  public internal(set) var trialsAdded = 0
  /// Trials that were here already.
  public internal(set) var trialsPresent = 0
  /// Of those, trials of the same place that are not the same trial: the one here was kept.
  public internal(set) var conflicts = 0
}

extension Store {
  /// Adds all sessions of another store that are not here, and the trials that sessions here lack.
  ///
  /// Trials are added one transaction each: after an interruption, merging again goes on.
  /// Throws: `sessionDiffers` when a session has another plan here.
  public func merge(from other: Store) throws(StoreError) -> MergeReport {
    var report = MergeReport()
    for summary in try other.sessions().reversed() {
      var cursor = try other.trialCursor(
        session: summary.id, includingSeries: true, includingProcesses: true)
      let record = SessionRecord(
        try other.session(id: summary.id), finishedAt: try other.finishedAt(session: summary.id))
      try join(record, cells: try other.cells(session: summary.id), report: &report) {
        () throws(StoreError) in try cursor.next()
      }
    }
    return report
  }

  /// Adds the session of a document that `export` made, or what its session here lacks.
  ///
  /// A document that is damaged anywhere adds nothing.
  /// Throws: `badDocument`, `sessionDiffers`.
  public func importDocument(_ data: Data) throws(StoreError) -> MergeReport {
    let document = try SessionDocument(parsing: data)
    var trials: [Trial] = []
    for record in document.trials { trials.append(try record.trial()) }
    let keys = Set(document.cells.map(\.key))
    if let stray = trials.first(where: { !keys.contains($0.cellKey) }) {
      throw .badDocument(detail: "a trial is of cell '\(stray.cellKey)', which is not among its cells")
    }
    var report = MergeReport()
    var iterator = trials.makeIterator()
    try join(document.session, cells: document.cells, report: &report) { iterator.next() }
    return report
  }

  /// Adds what is missing of one session.
  private func join(
    _ record: SessionRecord, cells: [Cell], report: inout MergeReport,
    next: () throws(StoreError) -> Trial?
  ) throws(StoreError) {
    let isNew = try prepare(record, cells: cells)
    report.sessionsAdded += isNew ? 1 : 0
    let present = try startTimes(session: record.id)
    while let trial = try next() {
      if let startedAt = present[TrialSlot(cellKey: trial.cellKey, block: trial.block)] {
        report.trialsPresent += 1
        report.conflicts += startedAt == trial.startedAt ? 0 : 1
      } else {
        try self.record(trial, session: record.id)
        report.trialsAdded += 1
      }
    }
    try adoptFinish(record)
  }

  /// Makes the session and its cells, or checks that it is the same; answers whether it is new.
  private func prepare(_ record: SessionRecord, cells: [Cell]) throws(StoreError) -> Bool {
    try write { db in
      guard try Int.fetchOne(db, sql: "SELECT 1 FROM session WHERE id = ?", arguments: [record.id]) != nil
      else {
        try insert(record.session, cells: cells, finishedAt: nil, runner: nil, in: db)
        return true
      }
      let here = try self.session(id: record.id, in: db)
      // Not their texts: an older version wrote the same plan with fewer keys.
      guard here.plan == record.plan else { throw StoreError.sessionDiffers(id: record.id) }
      try adoptAudits(of: record, to: here, in: db)
      try adoptSimulations(of: record, to: here, in: db)
      let session = try number(of: record.id, in: db)
      let known = Set(
        try String.fetchAll(db, sql: "SELECT key FROM cell WHERE session = ?", arguments: [session]))
      let missing = cells.filter { !known.contains($0.key) }
      try insert(missing, session: session, firstOrdinal: known.count, in: db)
      return false
    }
  }

  /// Adds what is known there and not here of the settings.
  private func adoptAudits(of record: SessionRecord, to here: Session, in db: Database) throws {
    let missing = (record.audits ?? []).filter { other in !here.audits.contains { $0.isAbout(other) } }
    guard !missing.isEmpty else { return }
    try db.execute(
      sql: "UPDATE session SET audits = ? WHERE id = ?",
      arguments: [try StoredText.json(here.audits + missing), here.id])
  }

  /// Adds simulations of cells that have none here, or none that counted anything.
  private func adoptSimulations(of record: SessionRecord, to here: Session, in db: Database) throws {
    let counted = Set(here.simulations.filter { $0.events != nil }.map(\.cellKey))
    let known = Set(here.simulations.map(\.cellKey))
    let better = (record.simulations ?? []).filter {
      !known.contains($0.cellKey) || ($0.events != nil && !counted.contains($0.cellKey))
    }
    guard !better.isEmpty else { return }
    let keys = Set(better.map(\.cellKey))
    let all = here.simulations.filter { !keys.contains($0.cellKey) } + better
    try db.execute(
      sql: "UPDATE session SET simulations = ? WHERE id = ?", arguments: [try StoredText.json(all), here.id])
  }

  private func startTimes(session id: String) throws(StoreError) -> [TrialSlot: Double] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT key, block, started_at FROM trial JOIN cell ON cell.number = trial.cell
          WHERE trial.session = ?
          """,
        arguments: [try number(of: id, in: db)])
      var times: [TrialSlot: Double] = [:]
      while let row = try rows.next() {
        let slot = TrialSlot(cellKey: try row.decode(atIndex: 0), block: try row.decode(atIndex: 1));
        times[slot] = try row.decode(atIndex: 2)
      }
      return times
    }
  }

  /// Only after its last trial is a session finished here too, unless a process here measures it.
  private func adoptFinish(_ record: SessionRecord) throws(StoreError) {
    try write { db in
      guard try liveRunner(of: record.id, in: db) == nil else { return }
      try db.execute(
        sql: "UPDATE session SET finished_at = ? WHERE id = ? AND finished_at IS NULL",
        arguments: [record.finishedAt, record.id])
    }
  }
}

extension AuditRecord {
  /// Whether both speak about the same cells.
  fileprivate func isAbout(_ other: AuditRecord) -> Bool {
    variant == other.variant && settings == other.settings && arm == other.arm
  }
}
