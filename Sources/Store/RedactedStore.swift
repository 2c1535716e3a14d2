import Foundation
import GRDB
import Model

extension Store {
  /// A copy of what is stored, without names of host and user, folders and values that look secret, to make reports of.
  ///
  /// The copy lies in a private folder, which goes with `place`. The store itself stays as it is.
  /// Throws: `StoreError` as reading and making a store do.
  public func redacted(by redaction: Redaction, in place: PrivateFolder) throws(StoreError) -> Store {
    let copy = place.path + "/redacted.sqlite"
    do {
      let target = try DatabaseQueue(path: copy)
      try database.backup(to: target)
      try target.writeWithoutTransaction { db in
        // Nobody else has it, and nobody needs it after a crash.
        try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        try RedactedColumns(redaction, db).rewrite()
      }
      try target.close()
    } catch {
      throw Failures.translate(error, path: copy)
    }
    return try Store.open(path: copy, mode: .readOnly)
  }
}

/// The columns of a store that hold foreign text.
private struct RedactedColumns {
  private let redaction: Redaction
  private let db: Database

  init(_ redaction: Redaction, _ db: Database) {
    self.redaction = redaction
    self.db = db
  }

  private static let texts = [
    "session": ["title"], "trial": ["message", "stderr_tail"], "value": ["unavailable"],
  ]
  private static let documents = [
    "session": ["plan", "host", "skipped", "artifacts", "command_line", "audits", "simulations", "facts"],
    "trial": ["identity", "conditions"], "tree": ["processes"],
  ]

  func rewrite() throws {
    let redaction = redaction
    let keys = try rewriteCells()
    db.add(
      function: DatabaseFunction("hs_text", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map(redaction.text)
      })
    db.add(
      function: DatabaseFunction("hs_json", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map { redaction.json($0, exact: keys) }
      })
    for (function, tables) in [("hs_text", Self.texts), ("hs_json", Self.documents)] {
      for (table, columns) in tables.sorted(by: { $0.key < $1.key }) {
        let changes = columns.map { "\($0) = \(function)(\($0))" }.joined(separator: ", ")
        try db.execute(sql: "UPDATE \(table) SET \(changes)")
      }
    }
    let fact = HostFact(name: Session.redactedFact, value: Redaction.summary)
    for row in try Row.fetchAll(db, sql: "SELECT number, host FROM session") {
      let (number, text): (Int64, String) = (
        try row.decode(forColumn: "number"), try row.decode(forColumn: "host")
      )
      let host: [HostFact] = try StoredText.value(text, of: "the host of a session")
      let all = host.filter { $0.name != Session.redactedFact } + [fact]
      try db.execute(
        sql: "UPDATE session SET host = ? WHERE number = ?", arguments: [StoredText.json(all), number])
    }
  }

  /// Cells have their key by what defines them: it changes with that. Answers the new keys by the old ones.
  private func rewriteCells() throws -> [String: String] {
    var keys: [String: String] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT number, key, definition FROM cell") {
      let (number, old, text): (Int64, String, String) = (
        try row.decode(forColumn: "number"), try row.decode(forColumn: "key"),
        try row.decode(forColumn: "definition")
      )
      let definition = redaction.json(text)
      let cell: Cell = try StoredText.value(definition, of: "a cell")
      keys[old] = cell.key
      try db.execute(
        sql: "UPDATE cell SET key = ?, definition = ? WHERE number = ?",
        arguments: [cell.key, definition, number])
    }
    return keys
  }
}
