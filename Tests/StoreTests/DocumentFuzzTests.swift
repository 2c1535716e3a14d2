import Foundation
import Model
import Testing
import TestSupport

@testable import Store

/// Documents, baselines and curves from elsewhere, damaged: read or refused.
@Suite struct DocumentFuzzTests {
  @Test func `curves`() throws {
    var random = SeededRandom(seed: 71)
    let seeds = (0..<20).map { _ in [UInt8](SeriesFormat.encode(random.series())) }
    var mutator = Mutator(seed: 72)
    for round in 0..<Mutator.rounds {
      guard let series = try? SeriesFormat.decode(Data(mutator.damaged(seeds[round % 20], with: seeds)))
      else { continue }
      #expect(series.samples.count < 1 << 20)
    }
  }

  @Test func `sessions and baselines`() throws {
    let folder = try Folder()
    let store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
    for block in 0..<2 { try store.record(Fixture.trial(block: block), session: Fixture.session().id) }
    let document = [UInt8](try store.document(session: Fixture.session().id))
    let other = try Store.open(path: folder.file("other.sqlite"))
    var mutator = Mutator(seed: 73, words: ["null", "[]", "{}", "\"schema\"", "true", "1e999"])
    let path = folder.file("baseline.json")
    for _ in 0..<Mutator.rounds {
      let bytes = mutator.damaged(document)
      _ = try? SessionDocument(parsing: Data(bytes))
      try Data(bytes).write(to: URL(filePath: path))
      _ = try? BaselineFile.read(path)
    }
    // Some are taken in, all or nothing: the store stays whole.
    for _ in 0..<min(200, Mutator.rounds) { _ = try? other.importDocument(Data(mutator.damaged(document))) }
    #expect(try other.integrity() == "ok")
    #expect(try other.number("SELECT count(*) FROM pragma_foreign_key_check") == 0)
  }
}
