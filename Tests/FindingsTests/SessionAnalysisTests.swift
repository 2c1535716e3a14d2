import Model
import Testing

@testable import Findings

struct SessionAnalysisTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `the order in which trials arrive does not matter`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let session = Fixture.session(trials: 8, host: [HostFact(name: "cores", value: "2")])
    let outcomes: [Outcome] = [.ok, .ok, .ok, .timeOut, .exit(2)]
    var trials: [Trial] = []
    for block in -1..<8 {
      for cell in session.plan.cells {
        let outcome = outcomes.randomElement(using: &random) ?? .ok
        let value: MetricValue =
          Int.random(in: 0..<5, using: &random) == 0
          ? .unavailable("reason \(block)") : .value(.random(in: 1...2, using: &random), .counted)
        trials.append(
          Fixture.trial(
            cell, block: block, values: ["wall": value], outcome: outcome, message: "in block \(block)",
            verified: Int.random(in: 0..<9, using: &random) > 0, conditions: ["load1": "\(block)"]))
      }
    }
    #expect(Fixture.result(session, trials) == Fixture.result(session, trials.shuffled(using: &random)))
  }

  @Test func `cells keep the order of the plan and metrics that of the registry`() {
    let session = Fixture.session()
    let result = Fixture.result(session, session.plan.cells.reversed().map { Fixture.trial($0) })
    #expect(result.cells.map(\.cell) == session.plan.cells)
    #expect(result.cells.allSatisfy { $0.metrics.map(\.definition.id) == ["wall", "throughput"] })
    #expect(result.session == session)
  }

  @Test func `a result may be asked for while trials still come`() {
    let session = Fixture.session()
    let cells = session.plan.cells
    var analysis = SessionAnalysis(session: session, cells: cells, definitions: Fixture.definitions)
    analysis.add(Fixture.trial(cells[0], block: 0, values: ["wall": .value(1, .counted)]))
    #expect(analysis.result().walls.map { $0?.values } == [[1], [], []])
    analysis.add(Fixture.trial(cells[0], block: 1, values: ["wall": .value(2, .counted)]))
    #expect(analysis.result().walls.map { $0?.values } == [[1, 2], [], []])
  }

  @Test func `without cells or trials there is an empty result`() {
    let session = Fixture.session(subjects: [])
    #expect(Fixture.result(session, []) == SessionResult(session: session, cells: [], notes: []))
  }
}
