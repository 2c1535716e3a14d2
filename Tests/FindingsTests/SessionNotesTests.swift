import Model
import Testing

@testable import Findings

struct SessionNotesTests {
  private func notes(
    trials planned: Int = 6, host: [HostFact] = [HostFact(name: "cores", value: "2")],
    skipped: [SkippedVariant] = [], stray: Trial? = nil, _ make: (Cell, Int) -> Trial?
  ) -> [String] {
    let session = Fixture.session(trials: planned, host: host, skipped: skipped)
    let trials = (0..<planned).flatMap { block in session.plan.cells.compactMap { make($0, block) } }
    return Fixture.result(session, trials + (stray.map { [$0] } ?? [])).notes
  }

  @Test func `a session with nothing to doubt has no notes`() {
    let notes = notes { Fixture.trial($0, block: $1, conditions: ["load1": "2.0", "answer": "7"]) }
    #expect(notes.isEmpty)
  }

  @Test func `trials that failed are counted by outcome, the most frequent first`() {
    let notes = notes(trials: 12) { cell, block in
      let outcome: Outcome = block == 0 ? .timeOut : block < 3 ? .signal(11) : .ok
      return Fixture.trial(cell, block: block, outcome: outcome)
    }
    #expect(notes == ["9 of 36 trials did not end ok (signal-11 6, time-out 3) and give no figures"])
  }

  @Test func `different answers of one workload are named`() {
    let notes = notes { cell, block in
      Fixture.trial(cell, block: block, conditions: ["answer": cell.variant == Fixture.musl ? "8" : "7"])
    }
    #expect(notes.count == 1)
    #expect(
      notes.first?.hasPrefix("trials of the same workload gave different answers (larson:threads=2)") == true)
  }

  @Test func `the answer of a trial that failed does not count`() {
    let notes = notes(trials: 7) { cell, block in
      Fixture.trial(
        cell, block: block, outcome: block == 0 ? .wrongAnswer : .ok, conditions: ["answer": "\(block == 0)"])
    }
    #expect(notes == ["3 of 21 trials did not end ok (wrong-answer 3) and give no figures"])
  }

  @Test func `cells whose allocator is not proven are named`() {
    let notes = notes { Fixture.trial($0, block: $1, verified: $0.variant != Fixture.musl) }
    #expect(
      notes == [
        "the allocator of 1 of 3 cells is not proven (musl/static/musl); they get no ratio and are never marked as best"
      ])
  }

  @Test func `missing trials come with the command that measures them`() {
    let notes = notes(trials: 10) { $1 < 8 ? Fixture.trial($0, block: $1) : nil }
    #expect(
      notes == ["6 of 30 trials are missing: `heapscale run --resume --session s` measures them"])
  }

  @Test func `too few trials for an interval say how many it takes`() {
    let notes = notes(trials: 5) { Fixture.trial($0, block: $1) }
    #expect(
      notes == [
        "3 of 3 cells have fewer than the 6 ok trials that a 95 % interval needs: --trials 6 or more"
      ])
  }

  @Test func `what was left out of the plan is named once`() {
    let skipped = ["larson", "xmalloc"].map {
      SkippedVariant(variant: Fixture.jemalloc, workload: $0, reason: "not installed")
    }
    let notes = notes(skipped: skipped) { Fixture.trial($0, block: $1) }
    #expect(notes == ["left out of the plan: glibc/preload/jemalloc"])
  }

  @Test func `load above the number of cores is told with its height`() {
    let notes = notes { Fixture.trial($0, block: $1, conditions: ["load1": $1 == 0 ? "5.26" : "1.9"]) }
    #expect(notes.count == 1)
    #expect(
      notes.first?.hasPrefix(
        "the load average was above the machine's 2 cores before 3 of 18 trials (up to 5.3)")
        == true)
  }

  @Test func `load on a machine of unknown size is not judged`() {
    #expect(notes(host: []) { Fixture.trial($0, block: $1, conditions: ["load1": "99"]) }.isEmpty)
  }

  @Test func `missed readings are counted, from the curve or from the conditions`() {
    let notes = notes { cell, block in
      var trial = Fixture.trial(cell, block: block, conditions: block == 1 ? ["missed_ticks": "2"] : [:])
      if block == 0 { trial.series = ResidentSeries(samples: [], marks: [], missedTicks: 5) }
      return trial
    }
    #expect(
      notes == [
        "the sampler missed 21 readings in 6 of 18 trials; they are counted, not interpolated"
      ])
  }

  @Test func `trials of unknown cells are told`() {
    let cell = Cell(subject: Fixture.larson, variant: Fixture.glibc, settings: Fixture.tight)
    let notes = notes(stray: Fixture.trial(cell)) { Fixture.trial($0, block: $1) }
    #expect(notes == ["left out 1 trial of cells that this session does not have"])
  }
}
