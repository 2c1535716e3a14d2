import Foundation
import GRDB
import Model
import Testing

@testable import Store

/// Stores as earlier versions of heapscale left them.
struct MigrationTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  /// The first schema, as it was written then, with one finished session. Its plan has no `strict`, and its
  /// settings have no `targets`.
  private static let version1 = """
    PRAGMA application_id = 1752200035;
    PRAGMA user_version = 1;
    CREATE TABLE session (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started_at REAL NOT NULL,
      finished_at REAL, title TEXT NOT NULL, trials INTEGER NOT NULL, plan TEXT NOT NULL, host TEXT NOT NULL,
      skipped TEXT NOT NULL, artifacts TEXT NOT NULL, command_line TEXT NOT NULL, version TEXT NOT NULL,
      runner TEXT) STRICT;
    CREATE TABLE cell (number INTEGER PRIMARY KEY,
      session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE, ordinal INTEGER NOT NULL,
      key TEXT NOT NULL, definition TEXT NOT NULL, UNIQUE (session, key)) STRICT;
    CREATE TABLE trial (number INTEGER PRIMARY KEY,
      session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
      cell INTEGER NOT NULL REFERENCES cell ON DELETE CASCADE, block INTEGER NOT NULL,
      position INTEGER NOT NULL, started_at REAL NOT NULL, outcome TEXT NOT NULL, message TEXT,
      stderr_tail TEXT NOT NULL, identity TEXT NOT NULL, conditions TEXT NOT NULL,
      UNIQUE (session, cell, block)) STRICT;
    CREATE TABLE value (trial INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE, metric TEXT NOT NULL,
      value REAL, provenance TEXT, unavailable TEXT, PRIMARY KEY (trial, metric)) STRICT, WITHOUT ROWID;
    CREATE TABLE series (trial INTEGER PRIMARY KEY REFERENCES trial ON DELETE CASCADE,
      data BLOB NOT NULL) STRICT;
    INSERT INTO session VALUES (1, 'old', 1.0, 2.0, 'before audits', 6, '{"libraries":{},"limits":{"time":\
    60000000000},"reference":"glibc/dynamic/glibc","sampling":{"counters":true,"latency":false,"rateHz":100},\
    "seed":7,"settings":[{"environment":[],"name":"default"}],"subjects":[{"workload":{"id":"larson",\
    "parameters":[]}}],"title":"before audits","trials":6,"variants":["glibc/dynamic/glibc"],\
    "warmupBlocks":1}', '[]', '[]', '[]', '["heapscale"]', '0.1.0', NULL);
    INSERT INTO cell VALUES (1, 1, 0, 'larson|glibc/dynamic/glibc|default', '{"settings":{"environment":[],\
    "name":"default"},"subject":{"workload":{"id":"larson","parameters":[]}},"variant":"glibc/dynamic/glibc"}');
    INSERT INTO trial VALUES (1, 1, 1, 0, 0, 1.5, 'ok', NULL, '', '{"evidence":[],"verified":true}', '{}');
    INSERT INTO value VALUES (1, 'wall', 0.25, 'counted', NULL);
    """

  private static let oldCell = "larson|glibc/dynamic/glibc|default"

  private func writeOldStore() throws {
    let queue = try DatabaseQueue(path: folder.file())
    try queue.writeWithoutTransaction { try $0.execute(sql: MigrationTests.version1) }
    try queue.close()
  }

  @Test func `a store of the first schema keeps its sessions and has no audits`() throws {
    try writeOldStore()
    let store = try folder.open(.existing)
    #expect(try store.number("PRAGMA user_version") == Schema.version)
    let session = try store.session(matching: "old")
    #expect(session.audits.isEmpty && session.plan.strict == false && session.plan.trials == 6)
    #expect(try store.cells(session: "old") == session.plan.cells)
    #expect(try store.trials(session: "old").map { $0.values["wall"] } == [.value(0.25, .counted)])
    #expect(try store.integrity() == "ok")
  }

  @Test func `a store of the first schema takes audits once it is opened`() throws {
    try writeOldStore()
    let store = try folder.open()
    var session = try store.session(matching: "old")
    session.audits = [Fixture.audit(of: Fixture.glibc)]
    try store.update(session: session)
    try store.close()
    #expect(try folder.open(.readOnly).session(matching: "old").audits == session.audits)
  }

  @Test func `a store of the first schema takes simulations once it is opened`() throws {
    try writeOldStore()
    let store = try folder.open()
    var session = try store.session(matching: "old")
    #expect(session.simulations.isEmpty && session.plan.simulationLimit == nil)
    session.simulations = [Fixture.simulation(Fixture.key), Fixture.simulation("other", loads: nil)]
    try store.update(session: session)
    try store.close()
    #expect(try folder.open(.readOnly).session(matching: "old").simulations == session.simulations)
  }

  @Test func `a trial of the first schema has no processes, and new ones keep theirs`() throws {
    try writeOldStore()
    let store = try folder.open()
    #expect(try store.processes(session: "old", cellKey: Self.oldCell, block: 0).isEmpty)
    var trial = Fixture.trial(cell: Self.oldCell, block: 3)
    trial.values = ["wall": .value(1, .counted)]
    try store.record(trial, session: "old")
    try store.close()
    let reopened = try folder.open(.readOnly)
    #expect(try reopened.trial(session: "old", cellKey: Self.oldCell, block: 3) == trial)
    #expect(try reopened.trials(session: "old").map(\.processes.count) == [0, 3])
  }

  @Test func `a document of a version without processes is read`() throws {
    let id = Fixture.session().id
    let there = try folder.open()
    try there.insert(session: Fixture.session(), cells: Fixture.cells)
    try there.record(Fixture.trial(), session: id)
    let whole = try JSONSerialization.jsonObject(with: try there.document(session: id))
    var document = try #require(whole as? [String: Any])
    var trials = try #require(document["trials"] as? [[String: Any]])
    #expect(trials[0].removeValue(forKey: "processes") != nil)
    #expect(trials[0].removeValue(forKey: "otherProcesses") != nil)
    document["trials"] = trials
    let here = try Store.open(path: folder.file("here.sqlite"))
    _ = try here.importDocument(try JSONSerialization.data(withJSONObject: document))
    #expect(try here.trials(session: id).map(\.processTable.isEmpty) == [true])
  }

  @Test func `a store of the first schema is not changed by reading`() throws {
    try writeOldStore()
    #expect(throws: StoreError.olderSchema(path: folder.file(), found: 1, supported: Schema.version)) {
      try folder.open(.readOnly)
    }
  }

  @Test func `a session of the first schema still joins itself`() throws {
    try writeOldStore()
    let store = try folder.open()
    let report = try store.importDocument(store.document(session: "old"))
    #expect(report == MergeReport(sessionsAdded: 0, trialsAdded: 0, trialsPresent: 1, conflicts: 0))
  }

  @Test func `a document of a version without audits is read`() throws {
    let id = Fixture.session().id
    let there = try folder.open()
    try there.insert(session: Fixture.session(), cells: Fixture.cells)
    let whole = try JSONSerialization.jsonObject(with: try there.document(session: id))
    var document = try #require(whole as? [String: Any])
    var record = try #require(document["session"] as? [String: Any])
    #expect(record.removeValue(forKey: "audits") != nil)
    #expect(record.removeValue(forKey: "simulations") != nil)
    document["session"] = record
    let here = try Store.open(path: folder.file("here.sqlite"))
    _ = try here.importDocument(try JSONSerialization.data(withJSONObject: document))
    var expected = Fixture.session()
    expected.audits = []
    #expect(try here.session(matching: id) == expected)
  }
}
