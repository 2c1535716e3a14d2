import Foundation
import Model
import Testing

@testable import Store

struct SessionTests {
  let folder: Folder
  let store: Store

  init() throws {
    folder = try Folder()
    store = try folder.open()
  }

  @Test func `a session comes back as it was stored`() throws {
    let session = Fixture.session()
    try store.insert(session: session, cells: Fixture.cells)
    #expect(try store.session(matching: session.id) == session)
    #expect(try store.cells(session: session.id) == Fixture.cells)
  }

  @Test func `a session is stored once`() throws {
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
    #expect(throws: StoreError.sessionExists(id: Fixture.session().id)) {
      try store.insert(session: Fixture.session(), cells: Fixture.cells)
    }
  }

  @Test func `an update replaces everything but cells and trials`() throws {
    var session = Fixture.session()
    try store.insert(session: session, cells: Fixture.cells)
    try store.record(Fixture.trial(), session: session.id)
    session.plan.trials = 20
    session.host = []
    session.artifacts = []
    session.audits = [Fixture.audit(of: Fixture.jemalloc, arm: "an arm")]
    try store.update(session: session)
    #expect(try store.session(matching: session.id) == session)
    #expect(try store.sessions().first?.trialsPlanned == 20 * Fixture.cells.count)
    #expect(try store.trials(session: session.id).count == 1)
  }

  @Test func `an update of a session that is not stored is refused`() throws {
    #expect(throws: StoreError.unknownSession(name: Fixture.session().id, known: [])) {
      try store.update(session: Fixture.session())
    }
  }

  @Test func `sessions are listed with the last inserted first, whatever their clocks say`() throws {
    for (id, start) in [("b", 20.0), ("c", 30), ("a", 10)] {
      try store.insert(session: Fixture.session(id, startedAt: start), cells: Fixture.cells)
    }
    for block in -1..<3 { try store.record(Fixture.trial(block: block), session: "b") }
    try store.finish(session: "a")
    let list = try store.sessions()
    #expect(list.map(\.id) == ["a", "c", "b"])
    #expect(list.map(\.trialsDone) == [0, 0, 3])
    #expect(list.allSatisfy { $0.cells == 4 && $0.trialsPlanned == 40 })
    #expect(list.map(\.state) == [.finished, .running(pid: getpid()), .running(pid: getpid())])
  }

  @Test func `a session is found by name, unique beginning or as the latest`() throws {
    for (id, start) in [("20260101-000000-aaaa", 1.0), ("20260102-000000-bbbb", 2)] {
      try store.insert(session: Fixture.session(id, startedAt: start), cells: [])
    }
    #expect(try store.session(matching: "20260101").id == "20260101-000000-aaaa")
    #expect(try store.session(matching: "20260101-000000-aaaa").id == "20260101-000000-aaaa")
    #expect(try store.session(matching: "latest").id == "20260102-000000-bbbb")
    let both = ["20260102-000000-bbbb", "20260101-000000-aaaa"]
    #expect(throws: StoreError.ambiguousSession(name: "2026", matches: both)) {
      try store.session(matching: "2026")
    }
    #expect(throws: StoreError.unknownSession(name: "20260101-000000-aaab", known: [both[1]])) {
      try store.session(matching: "20260101-000000-aaab")
    }
    #expect(throws: StoreError.unknownSession(name: "%", known: both)) { try store.session(matching: "%") }
  }

  @Test func `an empty store has no latest session`() {
    #expect(throws: StoreError.unknownSession(name: "latest", known: [])) {
      try store.session(matching: "latest")
    }
  }

  @Test func `a deleted session takes everything along and leaves the others`() throws {
    for id in ["a", "b"] {
      try store.insert(session: Fixture.session(id), cells: Fixture.cells)
      try store.record(Fixture.trial(), session: id)
    }
    try store.delete(session: "a")
    #expect(try store.sessions().map(\.id) == ["b"])
    #expect(try store.number("SELECT count(*) FROM cell") == Fixture.cells.count)
    #expect(try store.number("SELECT count(*) FROM trial") == 1)
    #expect(try store.number("SELECT count(*) FROM value") == Fixture.trial().values.count)
    #expect(try store.number("SELECT count(*) FROM series") == 1)
  }

  @Test func `a session is not taken from a harness that runs, and is from one that is gone`() throws {
    let id = Fixture.session().id
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
    let harness = Process()
    harness.executableURL = URL(fileURLWithPath: "/bin/sleep")
    harness.arguments = ["600"]
    try harness.run()
    let stamp = try #require(ProcessStamp.read(harness.processIdentifier))
    try store.run("UPDATE session SET runner = '\(try StoredText.json(stamp))'")

    #expect(try store.sessions().first?.state == .running(pid: stamp.pid))
    #expect(throws: StoreError.sessionRunning(id: id, pid: stamp.pid)) { try store.claim(session: id) }
    #expect(throws: StoreError.sessionRunning(id: id, pid: stamp.pid)) { try store.delete(session: id) }

    // A child started from a test's thread inherits its mask, in which SIGTERM is blocked.
    kill(stamp.pid, SIGKILL)
    harness.waitUntilExit()
    #expect(try store.sessions().first?.state == .interrupted)
    try store.claim(session: id)
    #expect(try store.sessions().first?.state == .running(pid: getpid()))
    try store.interrupt(session: id)
    #expect(try store.sessions().first?.state == .interrupted)
  }

  @Test func `a pid that was given to another process does not count as the harness`() throws {
    let own = try #require(ProcessStamp.current)
    #expect(own.isAlive)
    #expect(!ProcessStamp(pid: own.pid, startTicks: own.startTicks + 1, bootID: own.bootID).isAlive)
    #expect(!ProcessStamp(pid: own.pid, startTicks: own.startTicks, bootID: "another boot").isAlive)
  }

  @Test func `a column that cannot be understood is named`() throws {
    try store.insert(session: Fixture.session(), cells: [])
    try store.run("UPDATE session SET plan = '{}'")
    #expect {
      try store.session(matching: "latest")
    } throws: {
      "\($0)".hasPrefix("the plan of session '\(Fixture.session().id)' cannot be understood")
    }
  }
}
