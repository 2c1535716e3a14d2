import Foundation
import Model
import Testing

@testable import Store

/// A store that is taken away while a session is measured.
struct RescueTests {
  let folder: Folder
  let store: Store
  let id = Fixture.session().id

  init() throws {
    folder = try Folder()
    store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
  }

  /// What somebody else does to the file.
  enum Deed: CaseIterable {
    case unlink, replace, cut

    func happens(to path: String) throws {
      switch self {
      case .unlink: try FileManager.default.removeItem(atPath: path)
      case .replace:
        try Data("another file, longer than nothing".utf8).write(
          to: URL(fileURLWithPath: path), options: .atomic)
      case .cut: #expect(truncate(path, 100) == 0)
      }
    }

    var word: String {
      switch self {
      case .unlink: "gone"
      case .replace: "another file"
      case .cut: "cut"
      }
    }
  }

  @Test(arguments: Deed.allCases)
  func `what was measured is saved in another file when the store is taken away`(deed: Deed) throws {
    let writer = TrialWriter(store: store, session: id)
    for block in 0..<5 { try writer.enqueue(Fixture.trial(block: block, samples: 50)) }
    try writer.finish()
    try deed.happens(to: folder.file())
    try writer.enqueue(Fixture.trial(block: 5, samples: 50))
    let error = #expect(throws: StoreError.self) { try writer.finish() }
    guard case .displaced(_, let what) = error else {
      Issue.record("\(error.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(what.contains(deed.word))
    #expect(throws: StoreError.self) { try writer.enqueue(Fixture.trial(block: 6)) }

    let rescue = try store.rescue(session: Fixture.session(), cells: Fixture.cells, trials: writer.remembered)
    #expect(rescue.trials == 7)
    let saved = try Store.open(path: rescue.path, mode: .existing)
    #expect(try saved.trials(session: id).map(\.block) == Array(0..<7))
    #expect(try saved.session(id: id) == Fixture.session())
    #expect(try saved.trials(session: id)[5].values == Fixture.trial(block: 5, samples: 50).values)
  }

  @Test func `a rescue writes over nothing`() throws {
    let stem = (folder.file() as NSString).deletingPathExtension
    let taken = "\(stem).rescue-\(id).sqlite"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: taken))
    let rescue = try store.rescue(session: Fixture.session(), cells: Fixture.cells, trials: [Fixture.trial()])
    defer { try? FileManager.default.removeItem(atPath: rescue.path) }
    #expect(rescue.path != taken)
    #expect(try String(contentsOfFile: taken, encoding: .utf8) == "mine")
  }

  @Test func `the last session is the one inserted last, whatever the clock says`() throws {
    var early = Fixture.session()
    early.id = "19990101-000000-late"
    early.startedAt = 915_148_800
    try store.insert(session: early, cells: Fixture.cells)
    #expect(try store.session(matching: "latest").id == early.id)
    #expect(try store.sessions().first?.id == early.id)
  }

  @Test func `facts are stored, changed and exported with their session`() throws {
    let facts = [
      ExperimentFact(kind: .variable, name: "A", value: "1"), .init(kind: .mapped, name: "/l", value: "2"),
    ]
    try store.update(facts: facts, session: id)
    #expect(try store.session(id: id).facts == facts)
  }
}
