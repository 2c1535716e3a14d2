import Model
import Testing

@testable import Findings

struct ComparingTests {
  private let session = Fixture.session(
    variants: [Fixture.glibc, Fixture.jemalloc], settings: [.none, Fixture.tight], trials: 6)

  /// A session of 6 blocks whose levels differ far more than its cells do.
  private func analysis(_ factors: [Double], scaled scale: Double = 1) -> SessionAnalysis {
    var analysis = SessionAnalysis(
      session: session, cells: session.plan.cells, definitions: Fixture.definitions)
    for block in -1..<6 {
      for (cell, factor) in zip(session.plan.cells, factors) {
        let value = Double(10 << (block + 1)) * factor * scale
        analysis.add(Fixture.trial(cell, block: block, values: ["wall": .value(value, .counted)]))
      }
    }
    return analysis
  }

  @Test func `what a session measured comes out by cell, metric and block, without warm-up`() {
    let measured = analysis([1, 2, 3, 4]).measurements()
    #expect(measured.cells.map(\.cell) == session.plan.cells && measured.definitions == Fixture.definitions)
    #expect(measured.cells[1].readings["wall"]?.map(\.block) == Array(0..<6))
    #expect(measured.cells[1].readings["wall"]?.first?.value == 40)
    #expect(measured.cells[1].readings["throughput"] == nil)
    #expect(measured.cells.allSatisfy { $0.trials == 6 && $0.failures == 0 && $0.isProven })
  }

  @Test func `variants are compared with the reference with the same settings, block by block`() throws {
    let result = try Comparing.variants(
      analysis([1, 1, 1.5, 0.5]).measurements(), reference: Fixture.glibc)
    #expect(result.judgements.map(\.verdict) == [.regression, .improvement])
    #expect(result.judgements.map(\.place) == ["on larson with default", "on larson with tight"])
    #expect(result.judgements.map(\.candidate.name) == ["jemalloc", "jemalloc"])
    #expect(result.baseline == "glibc/dynamic/glibc" && result.candidate == "jemalloc")
  }

  @Test func `settings are compared with the default of the same variant`() throws {
    let result = try Comparing.settings(analysis([1, 1.5, 7, 3.5]).measurements())
    #expect(result.judgements.map(\.verdict) == [.regression, .improvement])
    #expect(result.judgements.map(\.place) == ["on larson with glibc", "on larson with jemalloc"])
    #expect(result.judgements.map(\.baseline.name) == ["default", "default"])
  }

  @Test func `settings that repeat the reference are its noise floor and nothing else`() throws {
    let rules = Thresholds(rules: [ThresholdRule(metric: "wall", gates: true)])
    let calm = try Comparing.variants(
      analysis([1, 1.01, 2, 2]).measurements(), reference: Fixture.glibc, again: "tight", thresholds: rules)
    #expect(calm.judgements.map(\.candidate.cell.settings.name) == ["default"])
    #expect(calm.noiseFloor.map(\.exceeds) == [false, false] && calm.warnings.isEmpty)
    let noisy = try Comparing.settings(
      analysis([1, 1.2, 2, 2]).measurements(), again: "none-such", thresholds: rules)
    #expect(noisy.noiseFloor.isEmpty && noisy.judgements.count == 2)
    let warned = try Comparing.variants(
      analysis([1, 1.2, 2, 2]).measurements(), reference: Fixture.glibc, again: "tight", thresholds: rules)
    #expect(warned.noiseFloor.map(\.exceeds) == [true, false])
    #expect(warned.warnings.first?.contains("wall +20 % on larson:threads=2") == true)
  }

  @Test func `arms are compared within variants, and a second baseline arm is the noise floor`() throws {
    func cell(_ arm: String, _ factor: Double) -> MeasuredCell {
      let values = (1...6).map { Double($0) * 1e8 * factor }
      return ComparisonFixture.measured(ComparisonFixture.arm(arm), ["peak_resident": values])
    }
    let measured = ComparisonFixture.measurements([cell("base", 1), cell("new", 1.1), cell("aa", 1.03)])
    let result = try Comparing.arms(measured, base: "base", candidate: "new", again: "aa")
    #expect(result.judgements.map(\.verdict) == [.regression])
    #expect(result.noiseFloor.count == 1 && result.noiseFloor[0].exceeds == true)
    #expect(result.gating(.regression).count == 1 && result.gating(.same).isEmpty)
    #expect(throws: FindingsError.unknown(kind: "arm", name: "nwe", known: ["aa", "base", "new"])) {
      try Comparing.arms(measured, base: "base", candidate: "nwe")
    }
  }

  @Test func `sessions are compared cell by cell, with a warning why time is unsound, which only informs`()
    throws
  {
    let old = analysis([1, 1, 1, 1]).measurements()
    let gates = Thresholds(rules: [ThresholdRule(metric: "wall", gates: true)])
    // Far enough apart that the two samples do not overlap, although blocks differ by a factor of 32.
    let new = analysis([1, 1, 1, 100]).measurements()
    let result = try Comparing.sessions(
      old: old, oldName: "old", new: new, newName: "new", thresholds: gates)
    #expect(result.judgements.map(\.isPaired) == [false, false, false, false])
    #expect(result.judgements.last?.verdict == .regression)
    #expect(result.gating(.regression).isEmpty)
    #expect(result.warnings.first?.contains("time does not gate here") == true)
    let gating = try Comparing.sessions(
      old: old, oldName: "old", new: new, newName: "new", timeGates: true, thresholds: gates)
    #expect(gating.gating(.regression).count == 1)
  }

  @Test func `cells of one session only are named, and changed settings too`() throws {
    let old = analysis([1, 1, 1, 1]).measurements()
    var new = old
    new.cells.removeFirst()
    let changed = SettingsSet(
      name: "tight", environment: [EnvironmentAssignment(variable: "MALLOC_CONF", value: "a:b")])
    new.cells[0].cell = Cell(
      subject: Fixture.larson, variant: Fixture.glibc, settings: changed)
    let result = try Comparing.sessions(old: old, oldName: "old", new: new, newName: "new")
    #expect(
      result.warnings.contains("not compared, only in old: larson:threads=2|glibc/dynamic/glibc|default"))
    #expect(result.warnings.contains("settings have other assignments than before: tight"))
    new.cells = []
    #expect(throws: FindingsError.self) {
      try Comparing.sessions(old: old, oldName: "old", new: new, newName: "new")
    }
  }

  @Test func `failures, unproven allocators and lost values are warned of`() throws {
    let resident = (1...6).map { Double($0) * 1e8 }
    let cells = [
      ComparisonFixture.measured(
        ComparisonFixture.arm("base"), ["peak_resident": resident, "cpu": [1, 2]]),
      ComparisonFixture.measured(
        ComparisonFixture.arm("new"), ["peak_resident": resident], failures: 2, isProven: false),
    ]
    let result = try Comparing.arms(
      ComparisonFixture.measurements(cells), base: "base", candidate: "new")
    #expect(result.warnings.count == 3)
    #expect(result.warnings[0].contains("2 of 8 of command:new"))
    #expect(result.warnings[1].contains("glibc/dynamic/glibc"))
    #expect(result.warnings[2].contains("CPU of command:new"))
  }

  @Test func `what is not verified is compared with nothing, and the warning says why`() throws {
    func cell(_ allocator: AllocatorID, linkage: Linkage, _ factor: Double, isProven: Bool) -> MeasuredCell {
      var cell = ComparisonFixture.measured(
        Cell(
          subject: .command(arm: "app", arguments: ["app"]),
          variant: Variant(libc: .glibc, linkage: linkage, allocator: allocator), settings: .none),
        ["peak_resident": (1...6).map { Double($0) * 1e8 * factor }], isProven: isProven)
      if !isProven { cell.doubt = "worker ran without it" }
      return cell
    }
    let plain = cell("glibc", linkage: .dynamic, 1, isProven: true)
    let cells = [
      plain, cell("jemalloc", linkage: .preload, 0.1, isProven: false),
      cell("mimalloc", linkage: .preload, 0.5, isProven: true),
    ]
    let result = try Comparing.variants(
      ComparisonFixture.measurements(cells), reference: plain.cell.variant)
    #expect(Set(result.judgements.map(\.candidate.name)) == ["mimalloc"])
    #expect(result.sentences.allSatisfy { !$0.contains("jemalloc") })
    #expect(result.means.isEmpty)
    #expect(
      result.warnings.contains {
        $0.contains("command:app|glibc/preload/jemalloc|default (worker ran without it)")
          && $0.hasSuffix("what is not verified is not compared")
      })
  }

  @Test func `a command as it is goes by what served malloc in it`() throws {
    func cell(_ linkage: Linkage, _ allocator: AllocatorID, found: AllocatorID?) -> MeasuredCell {
      var cell = ComparisonFixture.measured(
        Cell(
          subject: .command(arm: "app", arguments: ["app"]),
          variant: Variant(libc: .glibc, linkage: linkage, allocator: allocator), settings: .none),
        ["peak_resident": (1...6).map { Double($0) * (linkage == .preload ? 1e8 : 2e8) }])
      cell.allocator = found
      return cell
    }
    for (found, name) in [("jemalloc", "as it is (jemalloc)"), (nil, "glibc")] as [(AllocatorID?, String)] {
      let plain = cell(.dynamic, "glibc", found: found)
      let result = try Comparing.variants(
        ComparisonFixture.measurements([plain, cell(.preload, "mimalloc", found: nil)]),
        reference: plain.cell.variant)
      #expect(result.judgements.allSatisfy { $0.baseline.name == name })
      #expect(result.sentences.first?.contains("than \(name)") == true, "\(result.sentences)")
    }
  }

  @Test func `a reference that was not measured is refused, with what was`() throws {
    let measured = analysis([1, 1, 1, 1]).measurements()
    #expect(throws: FindingsError.self) { try Comparing.variants(measured, reference: Fixture.musl) }
    #expect(throws: FindingsError.unknown(kind: "settings", name: "tihgt", known: ["default", "tight"])) {
      try Comparing.settings(measured, reference: "tihgt")
    }
  }
}
