import GRDB

/// The tables, and how a store of one version becomes one of the next.
///
/// The version stands in SQLite's `user_version`; `application_id` tells our files from others'. A change
/// of the schema appends a step, and never edits an old one. JSON columns hold values of Model that
/// are always read and written whole; a step rewrites them when a field becomes mandatory.
enum Schema {
  /// `hpsc` in ASCII, in the header of every store (https://www.sqlite.org/pragma.html#pragma_application_id).
  static let applicationID = 0x6870_7363

  /// The version this program writes.
  static var version: Int { steps.count }

  /// Checks whose file it is, and brings it to the present version.
  static func prepare(_ database: DatabaseQueue, path: String, mode: Store.Mode) throws {
    let found = try database.read { try inspect($0, path: path, mode: mode) }
    guard mode != .readOnly else {
      if found < version { throw StoreError.olderSchema(path: path, found: found, supported: version) }
      return
    }
    try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    guard found < version else { return }
    try database.write { db in
      // Looked up again: another process may have been faster.
      for step in steps.dropFirst(try inspect(db, path: path, mode: mode)) { try db.execute(sql: step) }
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: "PRAGMA user_version = \(version)")
    }
  }

  /// The version of a store; 0 for a file without contents that may become one.
  private static func inspect(_ db: Database, path: String, mode: Store.Mode) throws -> Int {
    let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if owner == 0, found == 0, tables == 0, mode == .create { return 0 }
    guard owner == applicationID else { throw StoreError.notAStore(path: path) }
    guard found <= version else {
      throw StoreError.newerSchema(path: path, found: found, supported: version)
    }
    return found
  }

  private static let steps = [
    """
    CREATE TABLE session (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      started_at REAL NOT NULL,     -- seconds since 1970
      finished_at REAL,             -- NULL while running or interrupted
      title TEXT NOT NULL,
      trials INTEGER NOT NULL,      -- planned for each cell, without warm-up
      plan TEXT NOT NULL,           -- JSON, as are the next four
      host TEXT NOT NULL,
      skipped TEXT NOT NULL,
      artifacts TEXT NOT NULL,
      command_line TEXT NOT NULL,
      version TEXT NOT NULL,
      runner TEXT                   -- JSON of the process that measures; NULL when nobody does
    ) STRICT;

    CREATE TABLE cell (
      number INTEGER PRIMARY KEY,
      session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,     -- place in the plan
      key TEXT NOT NULL,
      definition TEXT NOT NULL,     -- JSON
      UNIQUE (session, key)
    ) STRICT;

    CREATE TABLE trial (
      number INTEGER PRIMARY KEY,
      session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
      cell INTEGER NOT NULL REFERENCES cell ON DELETE CASCADE,
      block INTEGER NOT NULL,       -- below 0 for warm-up
      position INTEGER NOT NULL,
      started_at REAL NOT NULL,     -- seconds since 1970
      outcome TEXT NOT NULL,
      message TEXT,
      stderr_tail TEXT NOT NULL,
      identity TEXT NOT NULL,       -- JSON
      conditions TEXT NOT NULL,     -- JSON
      UNIQUE (session, cell, block)
    ) STRICT;
    CREATE INDEX trial_order ON trial (session, block, position);
    CREATE INDEX trial_cell ON trial (cell);

    CREATE TABLE value (
      trial INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,
      metric TEXT NOT NULL,
      value REAL,                   -- in the metric's unit
      provenance TEXT,
      unavailable TEXT,             -- why there is no value
      PRIMARY KEY (trial, metric),
      CHECK ((value IS NULL) = (unavailable IS NOT NULL)),
      CHECK ((value IS NULL) = (provenance IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE series (
      trial INTEGER PRIMARY KEY REFERENCES trial ON DELETE CASCADE,
      data BLOB NOT NULL            -- see SeriesFormat
    ) STRICT;
    """,
    """
    ALTER TABLE session ADD COLUMN audits TEXT NOT NULL DEFAULT '[]';  -- JSON; older sessions have none
    """,
    """
    ALTER TABLE session ADD COLUMN simulations TEXT NOT NULL DEFAULT '[]';  -- JSON; older sessions have none
    """,
    """
    CREATE TABLE tree (
      trial INTEGER PRIMARY KEY REFERENCES trial ON DELETE CASCADE,
      processes TEXT NOT NULL       -- JSON; workloads of ours and older trials have none
    ) STRICT;
    """,
    """
    ALTER TABLE session ADD COLUMN facts TEXT NOT NULL DEFAULT '[]';  -- JSON; older sessions have none
    """,
  ]
}
