import Foundation
import Model
import Testing

@testable import Store

struct TrialWriterTests {
  let folder: Folder
  let store: Store
  let id = Fixture.session().id

  init() throws {
    folder = try Folder()
    store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
  }

  @Test(arguments: [1, 256])
  func `every trial is recorded once when the writer finishes`(capacity: Int) throws {
    let writer = TrialWriter(store: store, session: id, capacity: capacity)
    for block in 0..<100 { try writer.enqueue(Fixture.trial(block: block)) }
    try writer.finish()
    #expect(try store.trials(session: id).map(\.block) == Array(0..<100))
    try writer.enqueue(Fixture.trial(block: 100))
    try writer.finish()
    #expect(try store.recordedTrials(session: id).count == 101)
  }

  @Test func `an error ends the writing and is told at every later call`() throws {
    let writer = TrialWriter(store: store, session: id)
    let expected = StoreError.duplicateTrial(session: id, cellKey: Fixture.key, block: 0)
    try writer.enqueue(Fixture.trial())
    try writer.enqueue(Fixture.trial())
    #expect(throws: expected) { try writer.finish() }
    #expect(throws: expected) { try writer.enqueue(Fixture.trial(block: 1)) }
    #expect(throws: expected) { try writer.finish() }
    #expect(try store.recordedTrials(session: id).count == 1)
  }

  @Test func `of trials that are written together a bad one takes no other along`() throws {
    let writer = TrialWriter(store: store, session: id)
    // While somebody else writes, all of them wait.
    try store.write { _ in
      for block in 0..<20 { try writer.enqueue(Fixture.trial(block: block)) }
      try writer.enqueue(Fixture.trial(block: 7))
    }
    #expect(throws: StoreError.duplicateTrial(session: id, cellKey: Fixture.key, block: 7)) {
      try writer.finish()
    }
    #expect(try store.trials(session: id).map(\.block) == Array(0..<20))
    #expect(writer.remembered.map(\.block) == Array(0..<20) + [7])
  }

  @Test func `a store that cannot grow keeps whole trials and says what to do`() throws {
    let pages = try store.number("PRAGMA page_count")
    try store.run("PRAGMA max_page_count = \(pages + 20)")
    let writer = TrialWriter(store: store, session: id)
    #expect {
      for block in 0..<200 { try writer.enqueue(Fixture.trial(block: block, samples: 500)) }
      try writer.finish()
    } throws: { error in
      guard case .diskFull(folder.file(), _) = error as? StoreError else { return false }
      return "\(error)".contains("run --resume")
    }
    try Wholeness.check(store, session: id)
    try store.run("PRAGMA max_page_count = 1000000")
    let recorded = try store.recordedTrials(session: id).count
    #expect(recorded > 0 && recorded < 200)
    try store.record(Fixture.trial(block: recorded), session: id)
  }
}

/// What must be true of a store after anything that happened to its writer.
enum Wholeness {
  static func check(_ store: Store, session: String) throws {
    #expect(try store.integrity() == "ok")
    let trials = try store.trials(session: session, includingSeries: true)
    for trial in trials {
      let expected = Fixture.trial(
        cell: trial.cellKey, block: trial.block, samples: trial.series?.samples.count ?? 0)
      #expect(trial == expected)
      #expect(trial.series != nil)
    }
    #expect(trials.map(\.block) == Array(0..<trials.count))
    #expect(try store.number("SELECT count(*) FROM series") == trials.count)
    #expect(try store.number("SELECT count(*) FROM tree") == trials.count)
    #expect(try store.number("SELECT count(DISTINCT trial) FROM value") == trials.count)
  }
}
