import Model
import Testing

@testable import Store

struct TrialLookupTests {
  let folder: Folder
  let store: Store
  let id = Fixture.session().id

  init() throws {
    folder = try Folder()
    store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
  }

  @Test func `one trial is found with its curve among others of its block`() throws {
    for (position, cell) in Fixture.cells.enumerated() {
      for block in 0..<2 {
        try store.record(Fixture.trial(cell: cell.key, block: block, position: position), session: id)
      }
    }
    let last = Fixture.cells[3].key
    let expected = Fixture.trial(cell: last, block: 1, position: 3)
    #expect(try store.trial(session: id, cellKey: last, block: 1) == expected)
    #expect(try store.trial(session: id, cellKey: last, block: 2) == nil)
    #expect(try store.trial(session: id, cellKey: "x", block: 1) == nil)
  }

  @Test func `the usual length of a cell's trials is their mean over all sessions`() throws {
    try store.insert(session: Fixture.session("other"), cells: Fixture.cells)
    for (session, seconds) in [(id, "1.5"), ("other", "2.5")] {
      var trial = Fixture.trial()
      trial.conditions = ["elapsed": seconds]
      try store.record(trial, session: session)
    }
    try store.record(Fixture.trial(block: 1), session: id)
    #expect(try store.typicalSeconds(cellKey: Fixture.key) == 2)
    #expect(try store.typicalSeconds(cellKey: Fixture.cells[1].key) == nil)
  }

  @Test func `failed trials are counted without warm-up`() throws {
    try store.record(Fixture.trial(block: -1, outcome: .timeOut), session: id)
    try store.record(Fixture.trial(block: 0, outcome: .timeOut), session: id)
    try store.record(Fixture.trial(block: 1), session: id)
    #expect(try store.failedTrials(session: id) == 1)
  }
}
