import Foundation
import GRDB
import Model

/// A session as JSON, piece by piece: one trial a piece, so that a large session needs little memory.
///
/// The pieces, one after another, are one document (see `SessionDocument`), with each trial on a line.
public struct SessionExport {
  private enum Stage {
    case head, trials, ended
  }

  private let record: SessionRecord
  private let cells: [Cell]
  private var cursor: TrialCursor
  private var stage = Stage.head
  private var isFirst = true

  init(record: SessionRecord, cells: [Cell], cursor: TrialCursor) {
    self.record = record
    self.cells = cells
    self.cursor = cursor
  }

  /// The next bytes of the document; nil at its end.
  ///
  /// Throws: what `TrialCursor.next()` throws.
  public mutating func next() throws(StoreError) -> Data? {
    switch stage {
    case .head:
      stage = .trials
      return Data(try head().utf8)
    case .trials:
      guard let trial = try cursor.next() else {
        stage = .ended
        return Data("\n]}\n".utf8)
      }
      defer { isFirst = false }
      return Data(((isFirst ? "\n" : ",\n") + (try json(TrialRecord(trial)))).utf8)
    case .ended: return nil
    }
  }

  private func head() throws(StoreError) -> String {
    "{\"schema\":\"\(SessionDocument.currentSchema)\",\n\"session\":\(try json(record)),\n"
      + "\"cells\":\(try json(cells)),\n\"trials\":["
  }

  private func json(_ value: some Encodable) throws(StoreError) -> String {
    do {
      return try StoredText.json(value)
    } catch {
      throw .undecodable(what: "session '\(record.id)'", detail: "\(error)")
    }
  }
}

extension Store {
  /// Begins to write a session as a portable JSON document.
  ///
  /// Throws: `unknownSession`.
  public func export(
    session id: String, includingSeries: Bool = true
  ) throws(StoreError) -> SessionExport {
    SessionExport(
      record: SessionRecord(try session(id: id), finishedAt: try finishedAt(session: id)),
      cells: try cells(session: id),
      cursor: try trialCursor(
        session: id, includingSeries: includingSeries, includingProcesses: true))
  }

  /// A session as one portable JSON document, when it is known to be small.
  ///
  /// Throws: `unknownSession`.
  public func document(session id: String, includingSeries: Bool = true) throws(StoreError) -> Data {
    var export = try export(session: id, includingSeries: includingSeries)
    var document = Data()
    while let piece = try export.next() { document.append(piece) }
    return document
  }

  /// When a session was finished, in seconds since 1970.
  func finishedAt(session id: String) throws(StoreError) -> Double? {
    try read { db in
      try Double.fetchOne(db, sql: "SELECT finished_at FROM session WHERE id = ?", arguments: [id])
    }
  }
}
