import Foundation
import Model
import Testing

@testable import Store

@Suite struct TrendReadingTests {
  /// Three sessions of two measured blocks each, with a warm-up block and a failed trial.
  private static func filled(_ folder: Folder) throws -> Store {
    let store = try folder.open()
    for (index, id) in ["20260103-c", "20260101-a", "20260102-b"].enumerated() {
      let session = Fixture.session(id, startedAt: 1.767e9 + Double((index + 2) % 3))
      try store.insert(session: session, cells: Fixture.cells)
      for block in -1...1 { try store.record(Fixture.trial(block: block), session: id) }
      try store.record(Fixture.trial(block: 2, outcome: .signal(11)), session: id)
      try store.record(Fixture.trial(cell: Fixture.cells[1].key, samples: 0), session: id)
    }
    return store
  }

  @Test func `sessions come oldest first with what their measured trials gave`() throws {
    let folder = try Folder()
    let readings = try TrendReadingTests.filled(folder).trendReadings(of: "wall")
      .filter { $0.cell == Fixture.cells[0] }
    #expect(readings.map(\.session) == ["20260101-a", "20260102-b", "20260103-c"])
    #expect(readings.map(\.values) == [[0.1, 0.1 + 1 / 3.0], [0.1, 0.1 + 1 / 3.0], [0.1, 0.1 + 1 / 3.0]])
    #expect(readings[0].fingerprint.facts["cores"] == "2")
  }

  @Test func `only what is asked for is read`() throws {
    let folder = try Folder()
    let store = try TrendReadingTests.filled(folder)
    #expect(try store.trendReadings(of: "wall").count == 6)
    #expect(try store.trendReadings(of: "wall", last: 2).count == 4)
    #expect(try store.trendReadings(of: "wall", last: 2).allSatisfy { $0.session != "20260101-a" })
    #expect(try store.trendReadings(of: "wall", variant: Fixture.glibc).count == 6)
    #expect(try store.trendReadings(of: "wall", variant: Fixture.jemalloc).isEmpty)
    #expect(try store.trendReadings(of: "wall", workload: "sawtooth").isEmpty)
    #expect(try store.knownWorkloads() == ["larson"])
  }

  @Test func `a metric without values has no readings`() throws {
    let folder = try Folder()
    let store = try TrendReadingTests.filled(folder)
    #expect(try store.trendReadings(of: "malloc_p50").isEmpty)
    #expect(try store.trendReadings(of: "none").isEmpty)
  }
}
