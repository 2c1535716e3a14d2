import Foundation
import GRDB
import Model
import Testing

@testable import Store

/// Stores whose values are not what we wrote: each reader gives an error that names what is wrong, or goes on.
@Suite struct DamagedValueTests {
  private static let values: [DatabaseValue] = [
    .null, Int64.max.databaseValue, Int64.min.databaseValue, (-1).databaseValue, 1e300.databaseValue,
    Double.infinity.databaseValue, "".databaseValue, "{".databaseValue, "[]".databaseValue,
    "null".databaseValue,
    "\u{1b}[31m".databaseValue, Data([0xff, 0xfe, 0]).databaseValue, Data().databaseValue,
    String(repeating: "[", count: 5000).databaseValue,
  ]

  /// Every column of every table.
  @Test func `no value in any column ends a reader`() throws {
    let folder = try Folder()
    let whole = folder.file("whole.sqlite")
    let made = try Store.open(path: whole)
    let id = Fixture.session().id
    try made.insert(session: Fixture.session(), cells: Fixture.cells)
    for block in -1..<3 { try made.record(Fixture.trial(block: block, samples: 20), session: id) }
    try made.close()
    var tried = 0
    var refused = 0
    for (table, columns) in try Self.columns(of: whole) {
      for (place, column) in columns.enumerated() {
        // A third of the values for each column, another third for the next.
        for (index, value) in Self.values.enumerated() where index % 3 == place % 3 {
          let path = folder.file("\(table)-\(column)-\(index).sqlite")
          defer {
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
          }
          guard try Self.damage(path, from: whole, table, column, value) else { continue }
          tried += 1
          do { try Self.readAll(path, id) } catch {
            refused += 1
            #expect(error is StoreError, "\(table).\(column) = \(value): \(error)")
          }
        }
      }
    }
    #expect(tried > 120 && refused > 20, "\(tried) tried, \(refused) refused")
  }

  private static func columns(of path: String) throws -> [(String, [String])] {
    try DatabaseQueue(path: path).read { db in
      try ["session", "cell", "trial", "value", "series", "tree"].map { table in
        (table, try db.columns(in: table).map(\.name))
      }
    }
  }

  /// A store with the same rows in tables without constraints, and one value changed; false where nothing changed.
  private static func damage(
    _ path: String, from whole: String, _ table: String, _ column: String, _ value: DatabaseValue
  ) throws -> Bool {
    let database = try DatabaseQueue(path: path)
    return try database.writeWithoutTransaction { db in
      try db.execute(sql: "ATTACH ? AS whole", arguments: [whole])
      for name in ["session", "cell", "trial", "value", "series", "tree"] {
        try db.execute(sql: "CREATE TABLE \(name) AS SELECT * FROM whole.\(name)")
      }
      try db.execute(
        sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(Schema.version)")
      try db.execute(
        sql: "UPDATE \(table) SET \(column) = ? WHERE rowid = (SELECT min(rowid) FROM \(table))",
        arguments: [value])
      return db.changesCount > 0
    }
  }

  /// What show, report, export, trend and resume read.
  private static func readAll(_ path: String, _ id: String) throws {
    let store = try Store.open(path: path, mode: .existing)
    defer { try? store.close() }
    for summary in try store.sessions() {
      _ = try store.session(matching: summary.id)
      _ = try store.cells(session: summary.id)
      var cursor = try store.trialCursor(session: summary.id, includingSeries: true, includingProcesses: true)
      while try cursor.next() != nil {}
      _ = try store.recordedTrials(session: summary.id)
      _ = try store.export(session: summary.id)
    }
    _ = try store.session(matching: "latest")
    let other = try Store.open(path: path + ".merged", mode: .create)
    defer {
      try? other.close()
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ".merged" + end) }
    }
    _ = try other.merge(from: store)
    try store.claim(session: id)
  }
}
