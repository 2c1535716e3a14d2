import GRDB
import Model

extension Store {
  /// The session with this name, the only one whose name begins with it, or the newest for `latest`.
  ///
  /// Throws: `unknownSession` with the nearest or the last names, `ambiguousSession` with the candidates.
  public func session(matching name: String) throws(StoreError) -> Session {
    try session(id: try read { db in try SessionNames(db).resolve(name) })
  }

  /// The session with exactly this name.
  func session(id: String) throws(StoreError) -> Session {
    try read { db in try session(id: id, in: db) }
  }

  /// The session with exactly this name, within a transaction.
  func session(id: String, in db: Database) throws -> Session {
    guard let row = try Row.fetchOne(db, sql: "SELECT * FROM session WHERE id = ?", arguments: [id]) else {
      throw StoreError.unknownSession(name: id, known: try SessionNames(db).suggestions(for: id))
    }
    return try Session(row: row)
  }

  /// The cells of a session, in the order of the plan.
  ///
  /// Throws: `unknownSession`.
  public func cells(session id: String) throws(StoreError) -> [Cell] {
    try read { db in
      let number = try number(of: id, in: db)
      let texts = try String.fetchAll(
        db, sql: "SELECT definition FROM cell WHERE session = ? ORDER BY ordinal", arguments: [number])
      return try texts.map { try StoredText.value($0, of: "a cell of session '\(id)'") }
    }
  }
}

/// The names of all sessions, the last inserted first (a clock may have been wrong), and how a user may write them.
struct SessionNames {
  private let all: [String]

  init(_ db: Database) throws {
    all = try String.fetchAll(db, sql: "SELECT id FROM session ORDER BY number DESC")
  }

  func resolve(_ name: String) throws(StoreError) -> String {
    if name == "latest", let newest = all.first { return newest }
    if all.contains(name) { return name }
    let matches = name.isEmpty ? [] : all.filter { $0.hasPrefix(name) }
    if let only = matches.first, matches.count == 1 { return only }
    guard matches.isEmpty else { throw .ambiguousSession(name: name, matches: Array(matches.prefix(5))) }
    throw .unknownSession(name: name, known: suggestions(for: name))
  }

  /// The name that was probably meant, else the last five.
  func suggestions(for name: String) -> [String] {
    Spelling.nearest(to: name, among: all).map { [$0] } ?? Array(all.prefix(5))
  }
}

extension Session {
  fileprivate init(row: Row) throws {
    let id: String = try row.decode(forColumn: "id")
    func column<T: Decodable>(_ name: String) throws -> T {
      try StoredText.value(row.decode(forColumn: name), of: "the \(name) of session '\(id)'")
    }
    self.init(
      id: id, startedAt: try row.decode(forColumn: "started_at"), plan: try column("plan"),
      host: try column("host"),
      skipped: try column("skipped"), artifacts: try column("artifacts"),
      version: try row.decode(forColumn: "version"),
      commandLine: try column("command_line"), audits: try column("audits"),
      simulations: try column("simulations"), facts: try column("facts"))
  }
}
