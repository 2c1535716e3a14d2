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

  @Test func `the trial that stands for a cell is the one with the median, and of a failed cell the first`() {
    let session = Fixture.session()
    let cell = session.plan.cells[0]
    let peak = MetricDefinition(id: "peak_resident", title: "", explanation: "", unit: .bytes, better: .lower)
    func representative(_ values: [Double?], orAny: Bool = false, failed: Set<Int> = []) -> Int? {
      var analysis = SessionAnalysis(session: session, cells: [cell], definitions: [peak])
      for (block, value) in values.enumerated() {
        var trial = Fixture.trial(cell, block: block)
        trial.values = value.map { ["peak_resident": .value($0, .counted)] } ?? [:]
        if failed.contains(block) { trial.outcome = .timeOut }
        analysis.add(trial)
      }
      return analysis.representativeBlock(cellKey: cell.key, orAny: orAny)
    }
    #expect(representative([9, 1, nil, 5, 7, .nan]) == 3)
    #expect(representative([9, 1, 0.5], failed: [2]) == 1)
    #expect(representative([9, 1], failed: [0, 1]) == nil)
    #expect(representative([9, 1], orAny: true, failed: [0, 1]) == 0)
    #expect(representative([], orAny: true) == nil)
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
