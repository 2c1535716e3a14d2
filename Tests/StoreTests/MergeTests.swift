import Foundation
import Model
import Testing

@testable import Store

struct MergeTests {
  let folder: Folder
  let here: Store
  let there: Store
  let id = Fixture.session().id

  init() throws {
    folder = try Folder()
    here = try folder.open()
    there = try Store.open(path: folder.file("there.sqlite"))
  }

  private func fill(_ store: Store, blocks: Range<Int>) throws {
    if try store.sessions().isEmpty { try store.insert(session: Fixture.session(), cells: Fixture.cells) }
    for block in blocks {
      for (position, cell) in Fixture.cells.enumerated() {
        try store.record(Fixture.trial(cell: cell.key, block: block, position: position), session: id)
      }
    }
  }

  private func expectSame(_ left: Store, _ right: Store) throws {
    #expect(try left.session(matching: id) == right.session(matching: id))
    #expect(try left.cells(session: id) == right.cells(session: id))
    let trials = try left.trials(session: id, includingSeries: true)
    #expect(trials.count > 0)
    #expect(try trials == right.trials(session: id, includingSeries: true))
    #expect(try left.sessions().map(\.state) == right.sessions().map(\.state))
  }

  @Test func `an exported session comes back whole`() throws {
    try fill(there, blocks: -1..<40)
    try there.finish(session: id)
    let report = try here.importDocument(there.document(session: id))
    #expect(report == MergeReport(sessionsAdded: 1, trialsAdded: 41 * 4, trialsPresent: 0, conflicts: 0))
    try expectSame(here, there)
    #expect(try here.document(session: id) == there.document(session: id))
  }

  @Test func `an export without trials is a document too`() throws {
    try there.insert(session: Fixture.session(), cells: Fixture.cells)
    #expect(try here.importDocument(there.document(session: id)).sessionsAdded == 1)
  }

  @Test func `a document holds each trial on a line and no curve unless asked for`() throws {
    try fill(there, blocks: 0..<1)
    let text = String(decoding: try there.document(session: id, includingSeries: false), as: UTF8.self)
    #expect(text.split(separator: "\n").count { $0.contains("\"block\":0") } == 4)
    #expect(!text.contains("missedTicks"))
  }

  @Test func `merging adds what is missing, once`() throws {
    try fill(here, blocks: 0..<3)
    try fill(there, blocks: 2..<5)
    let first = try here.merge(from: there)
    #expect(first == MergeReport(sessionsAdded: 0, trialsAdded: 8, trialsPresent: 4, conflicts: 0))
    #expect(try here.merge(from: there).trialsAdded == 0)
    #expect(try there.merge(from: here).trialsAdded == 8)
    try expectSame(here, there)
  }

  @Test func `a merged session is finished when the other was and nobody measures it here`() throws {
    try fill(there, blocks: 0..<1)
    try there.finish(session: id)
    _ = try here.merge(from: there)
    #expect(try here.sessions().first?.state == .finished)
  }

  @Test func `of two trials of one place the one here is kept and the conflict counted`() throws {
    try fill(here, blocks: 0..<1)
    try there.insert(session: Fixture.session(), cells: Fixture.cells)
    var other = Fixture.trial(samples: 0)
    other.startedAt += 1
    try there.record(other, session: id)
    let report = try here.merge(from: there)
    #expect(report == MergeReport(sessionsAdded: 0, trialsAdded: 0, trialsPresent: 1, conflicts: 1))
    #expect(try here.trials(session: id, includingSeries: true).first == Fixture.trial())
  }

  @Test func `what is known of the settings is joined, and the one here is kept`() throws {
    var session = Fixture.session()
    session.audits[0].process = "another program"
    session.audits.append(Fixture.audit(of: Fixture.glibc, arm: "old"))
    session.audits.append(Fixture.audit(of: Fixture.jemalloc))
    try fill(here, blocks: 0..<1)
    try there.insert(session: session, cells: Fixture.cells)
    _ = try here.merge(from: there)
    let expected = Fixture.session().audits + session.audits.dropFirst()
    #expect(try here.session(matching: id).audits == expected)
  }

  @Test func `simulations are joined, and one that counted replaces one that failed`() throws {
    var session = Fixture.session()
    session.simulations = [Fixture.simulation("a", loads: nil), Fixture.simulation("b", loads: 1)]
    try here.insert(session: session, cells: Fixture.cells)
    session.simulations = [
      Fixture.simulation("a"), Fixture.simulation("b", loads: 2), Fixture.simulation("c", loads: nil),
    ]
    try there.insert(session: session, cells: Fixture.cells)
    _ = try here.merge(from: there)
    let joined = try here.session(matching: id).simulations.sorted { $0.cellKey < $1.cellKey }
    #expect(
      joined == [
        Fixture.simulation("a"), Fixture.simulation("b", loads: 1), Fixture.simulation("c", loads: nil),
      ])
  }

  @Test func `sessions of one name with different plans are not joined`() throws {
    try fill(here, blocks: 0..<1)
    var session = Fixture.session()
    session.plan.seed = 1
    try there.insert(session: session, cells: Fixture.cells)
    #expect(throws: StoreError.sessionDiffers(id: id)) { try here.merge(from: there) }
  }

  @Test(arguments: [
    ("\"schema\":\"heapscale-session/1\"", "\"schema\":\"heapscale-session/9\"", "its schema is"),
    ("\"provenance\":\"counted\"", "\"provenance\":\"guessed\"", "trials.0.values"),
    ("\"provenance\":\"counted\",", "", "neither a value"),
    ("\"cell\":\"larson", "\"cell\":\"nothing", "not among its cells"),
    ("\"time\":[0,", "\"time\":[", "different lengths"),
    ("\n]}\n", "", "not valid JSON"),
  ])
  func `a damaged document adds nothing and says where it is wrong`(
    old: String, new: String, reason: String
  ) throws {
    try fill(there, blocks: 0..<1)
    let whole = String(decoding: try there.document(session: id), as: UTF8.self)
    let damaged = whole.replacingOccurrences(of: old, with: new)
    #expect(damaged != whole)
    #expect {
      try here.importDocument(Data(damaged.utf8))
    } throws: { error in
      guard case .badDocument(let detail) = error as? StoreError else { return false }
      return detail.contains(reason)
    }
    #expect(try here.sessions().isEmpty)
  }
}
