import Model
import Testing

@testable import Findings

struct SettingsEffectsTests {
  private let session = Fixture.session(
    variants: [Fixture.glibc, Fixture.jemalloc], settings: [.none, Fixture.tight], trials: 6)

  private func wall(_ cell: Cell, _ block: Int, _ value: Double, outcome: Outcome = .ok) -> Trial {
    Fixture.trial(cell, block: block, values: ["wall": .value(value, .counted)], outcome: outcome)
  }

  @Test func `a cell with settings is paired with its own variant's default, block by block`() throws {
    // The blocks differ by far more than the settings change; pairs see that they change a fifth.
    let trials = (0..<6).flatMap { block -> [Trial] in
      let level = Double(10 << block)
      return zip(session.plan.cells, [1, 0.8, 3, 3 * 1.5]).map { wall($0, block, level * $1) }
    }
    let walls = Fixture.result(session, trials).walls
    #expect(walls[0]?.settingsEffect == nil && walls[2]?.settingsEffect == nil)
    let tight = try #require(walls[1]?.settingsEffect)
    #expect(abs(tight.change - -0.2) < 1e-12 && tight.isMeasurable == true && tight.pairs == 6)
    #expect(try abs(#require(walls[3]?.settingsEffect).change - 0.5) < 1e-12)
  }

  @Test func `only blocks in which both trials ended ok count`() throws {
    let cells = session.plan.cells
    let trials = (0..<6).flatMap { block in
      [
        wall(cells[0], block, 1, outcome: block == 0 ? .timeOut : .ok),
        wall(cells[1], block, 2, outcome: block == 5 ? .timeOut : .ok),
      ]
    }
    let effect = try #require(Fixture.result(session, trials).walls[1]?.settingsEffect)
    #expect(effect.pairs == 4 && effect.low == nil)
  }

  @Test func `without a value on both sides there is no effect`() {
    let cells = session.plan.cells
    let result = Fixture.result(session, [wall(cells[0], 0, 1), wall(cells[1], 1, 1)])
    #expect(result.cells.allSatisfy { $0.metrics.allSatisfy { $0.settingsEffect == nil } })
  }

  @Test func `what became of the settings stands in the cells of the variant it was found for`() {
    var session = session
    let entries = [
      SettingAudit(
        variable: "MALLOC_CONF", key: "narenas", value: "1", verdict: .inert, evidence: "nobody reads it")
    ]
    session.audits = [
      AuditRecord(variant: Fixture.jemalloc, settings: "tight", process: "probe", entries: entries)
    ]
    #expect(Fixture.result(session, []).cells.map(\.audit) == [[], [], [], entries])
  }
}
