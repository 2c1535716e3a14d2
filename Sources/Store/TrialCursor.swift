import Foundation
import GRDB
import Model

/// Hands out the trials of a session one after another, in order of blocks, and holds few at a time: a
/// session of 10,000 trials with millions of samples is read in a few megabytes.
///
/// The store is not locked between two calls, so that the caller may use it meanwhile.
public struct TrialCursor {
  /// Trials that are fetched together. Their curves stay compressed until they are handed out.
  private static let batchSize = 32

  private let store: Store
  private let session: Int64
  private let parts: TrialParts
  private var batch: [StoredTrial] = []
  private var taken = 0
  private var last: StoredTrial.Place?
  private var isAtEnd = false

  init(store: Store, session: Int64, parts: TrialParts) {
    self.store = store
    self.session = session
    self.parts = parts
  }

  /// The next trial; nil after the last one.
  ///
  /// Throws: `corrupt`, `undecodable`, `busy`.
  public mutating func next() throws(StoreError) -> Trial? {
    if taken == batch.count {
      guard !isAtEnd else { return nil }
      try fetch()
      guard !batch.isEmpty else { return nil }
    }
    defer { taken += 1 }
    return try batch[taken].unpacked()
  }

  private mutating func fetch() throws(StoreError) {
    let (session, parts, last) = (session, parts, last)
    batch = try store.read { db in
      try StoredTrial.fetch(
        db, session: session, after: last, limit: TrialCursor.batchSize, parts: parts)
    }
    taken = 0
    self.last = batch.last?.place ?? last
    isAtEnd = batch.count < TrialCursor.batchSize
  }
}

extension Store {
  /// Reads the trials of a session one after another, in order of blocks, warm-up first.
  ///
  /// Without curves or processes they come without: who works on values alone is spared the reading of both.
  /// Throws: `unknownSession`.
  public func trialCursor(
    session id: String, includingSeries: Bool = false, includingProcesses: Bool = false
  ) throws(StoreError) -> TrialCursor {
    let session = try read { db in try number(of: id, in: db) }
    let parts = TrialParts(series: includingSeries, processes: includingProcesses)
    return TrialCursor(store: self, session: session, parts: parts)
  }

  /// All trials of a session at once, in order of blocks, warm-up first.
  ///
  /// With their curves these may be hundreds of megabytes: prefer `trialCursor` then.
  /// Throws: `unknownSession`.
  public func trials(
    session id: String, includingSeries: Bool = false, includingProcesses: Bool = true
  ) throws(StoreError) -> [Trial] {
    var cursor = try trialCursor(
      session: id, includingSeries: includingSeries, includingProcesses: includingProcesses)
    var trials: [Trial] = []
    while let trial = try cursor.next() { trials.append(trial) }
    return trials
  }

  /// The curve of one trial; nil when it was measured without.
  ///
  /// Throws: `unknownTrial`, `unknownSession`.
  public func series(
    session id: String, cellKey: String, block: Int
  ) throws(StoreError) -> ResidentSeries? {
    let data: Data? = try column("data", of: "series", session: id, cellKey: cellKey, block: block)
    return try data.map { data throws(StoreError) in try SeriesFormat.decode(data) }
  }

  /// The processes of one trial; empty for workloads of ours, which are one process, and for older trials.
  ///
  /// Throws: `unknownTrial`, `unknownSession`.
  public func processes(
    session id: String, cellKey: String, block: Int
  ) throws(StoreError) -> ProcessTable {
    let text: String? = try column("processes", of: "tree", session: id, cellKey: cellKey, block: block)
    guard let text else { return ProcessTable() }
    return try StoredText.value(text, of: "the processes of block \(block) of cell '\(cellKey)'")
  }

  /// A column of a table that has at most one row a trial.
  private func column<T: DatabaseValueConvertible>(
    _ column: String, of table: String, session id: String, cellKey: String, block: Int
  ) throws(StoreError) -> T? {
    try read { db in
      let session = try number(of: id, in: db)
      guard let cell = try cell(cellKey, session: session, in: db) else {
        throw StoreError.unknownCell(session: id, cellKey: cellKey)
      }
      let row = try Row.fetchOne(
        db,
        sql: "SELECT \(column) FROM trial LEFT JOIN \(table) ON trial = number WHERE cell = ? AND block = ?",
        arguments: [cell, block])
      guard let row else { throw StoreError.unknownTrial(session: id, cellKey: cellKey, block: block) }
      return try row.decode(atIndex: 0)
    }
  }
}
