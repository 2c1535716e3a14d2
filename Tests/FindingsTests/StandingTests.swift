import Model
import Testing

@testable import Findings

struct StandingTests {
  let session = Fixture.session()

  @Test func `ratios refer to the reference variant`() {
    let result = Fixture.walls([2, 1, 3], session)
    #expect(result.walls.map { $0?.ratioToReference } == [1, 0.5, 1.5])
  }

  @Test func `settings are compared with the reference under the same settings`() {
    let session = Fixture.session(
      variants: [Fixture.glibc, Fixture.jemalloc], settings: [.none, Fixture.tight])
    let result = Fixture.walls([2, 10, 4, 5], session)
    #expect(result.walls.map { $0?.ratioToReference } == [1, 1, 2, 0.5])
  }

  @Test func `settings that the reference does not run with are compared with its default`() {
    let limited = SettingsSet(name: "limited", environment: [], targets: ["jemalloc"])
    let session = Fixture.session(
      variants: [Fixture.glibc, Fixture.jemalloc], settings: [.none, Fixture.tight, limited])
    #expect(session.plan.cells.count == 5)
    let result = Fixture.walls([2, 10, 4, 5, 3], session)
    #expect(result.walls.map { $0?.ratioToReference } == [1, 1, 2, 0.5, 1.5])
  }

  @Test func `a reference whose trials failed is not replaced by its default`() {
    let limited = SettingsSet(name: "limited", environment: [], targets: ["jemalloc"])
    let session = Fixture.session(
      variants: [Fixture.glibc, Fixture.jemalloc], settings: [.none, Fixture.tight, limited])
    let result = Fixture.walls([2, nil, 4, 5, 3], session)
    #expect(result.walls.map { $0?.ratioToReference } == [1, nil, 2, nil, 1.5])
  }

  @Test func `of one variant alone all settings are compared with its default`() {
    let session = Fixture.session(variants: [Fixture.glibc], settings: [.none, Fixture.tight])
    #expect(Fixture.walls([2, 3], session).walls.map { $0?.ratioToReference } == [1, 1.5])
  }

  @Test func `arms of one variant are still compared with each other under the same settings`() {
    let arms = ["old", "new"].map { Subject.command(arm: $0, arguments: ["./\($0)"]) }
    let session = Fixture.session(
      subjects: arms, variants: [Fixture.glibc], settings: [.none, Fixture.tight])
    let result = Fixture.walls([8, 4, 2, 1], session)
    #expect(result.walls.map { $0?.ratioToReference } == [1, 1, 0.25, 0.25])
  }

  @Test func `a workload with other parameters is another workload`() {
    let other = Subject.workload(id: "larson", parameters: [Parameter(name: "threads", value: 8)])
    let session = Fixture.session(
      subjects: [Fixture.larson, other], variants: [Fixture.glibc, Fixture.jemalloc])
    let result = Fixture.walls([2, 4, 10, 5], session)
    #expect(result.walls.map { $0?.ratioToReference } == [1, 2, 1, 0.5])
    #expect(result.walls.map { $0?.isBest } == [true, false, false, true])
  }

  @Test func `arms of commands are compared with the first arm on the reference variant`() {
    let arms = ["old", "new"].map { Subject.command(arm: $0, arguments: ["./\($0)"]) }
    let session = Fixture.session(subjects: arms, variants: [Fixture.jemalloc, Fixture.glibc])
    let result = Fixture.walls([8, 4, 2, 1], session)
    #expect(result.walls.map { $0?.ratioToReference } == [2, 1, 0.5, 0.25])
    #expect(result.walls.map { $0?.isBest } == [false, false, false, true])
  }

  @Test func `there is no ratio without both medians or to zero`() {
    #expect(Fixture.walls([nil, 1, 2], session).walls.allSatisfy { $0?.ratioToReference == nil })
    #expect(Fixture.walls([2, nil, 2], session).walls.map { $0?.ratioToReference } == [1, nil, 1])
    #expect(Fixture.walls([0, 1, 0], session).walls.allSatisfy { $0?.ratioToReference == nil })
  }

  @Test func `the lowest is best where less is better, the highest where more is`() {
    let trials = zip(session.plan.cells, [2.0, 1, 3]).map {
      Fixture.trial($0, values: ["wall": .value($1, .counted), "throughput": .value($1, .counted)])
    }
    let cells = Fixture.result(session, trials).cells
    #expect(cells.map { $0.metric("wall")?.isBest } == [false, true, false])
    #expect(cells.map { $0.metric("throughput")?.isBest } == [false, false, true])
  }

  @Test func `nothing is best when all tie, and all that tie at the top are`() {
    #expect(Fixture.walls([1, 1, 1], session).walls.allSatisfy { $0?.isBest == false })
    #expect(Fixture.walls([1, 2, 1], session).walls.map { $0?.isBest } == [true, false, true])
  }

  @Test func `a cell that stands alone is not best`() {
    #expect(Fixture.walls([nil, 1, nil], session).walls.allSatisfy { $0?.isBest == false })
  }

  @Test func `a cell whose allocator is not proven is never best and has no ratio`() {
    let result = Fixture.walls([2, 1, 3], session, verified: [true, false, true])
    #expect(result.walls.map { $0?.isBest } == [true, false, false])
    #expect(result.walls.map { $0?.ratioToReference } == [1, nil, 1.5])
    let alone = Fixture.walls([2, 1, 3], session, verified: [true, false, false])
    #expect(alone.walls.allSatisfy { $0?.isBest == false })
  }
}
