import Model
import Testing

@testable import Findings

struct SentencesTests {
  private let larson = Cell(subject: Fixture.larson, variant: Fixture.jemalloc, settings: .none)

  private func judgement(
    _ metric: MetricDefinition, _ verdict: Verdict, _ change: Double, _ low: Double?, _ high: Double?,
    place: String = "on larson", missing: Int = 0, count: Int = 10
  ) -> Judgement {
    Judgement(
      definition: metric, baseline: JudgedSide(cell: larson, name: "glibc", count: count, median: 1),
      candidate: JudgedSide(cell: larson, name: "jemalloc", count: count, median: 1), place: place,
      effect: Effect(change: change, low: low, high: high, pairs: count),
      difference: Difference(centre: 1e9, low: nil, high: nil), threshold: .standard(for: metric),
      lane: .sampled, isPaired: true, verdict: verdict, missing: missing)
  }

  private let resident = ComparisonFixture.resident
  private let cpu = ComparisonFixture.cpu

  @Test func `changes stand in one sentence, the largest in thresholds first`() {
    let text = Sentences.make([
      judgement(cpu, .regression, 0.04, 0.01, 0.07),
      judgement(resident, .improvement, -0.18, -0.21, -0.15),
    ])
    #expect(
      text == [
        "jemalloc uses 18 % less peak resident than glibc on larson [15, 21], and 4 % more CPU [1, 7]."
      ])
  }

  @Test func `each verb stands once, and what only informs comes after what gates`() {
    let text = Sentences.make([
      judgement(Fixture.throughput, .improvement, 5, 4.9, 5.1),
      judgement(Fixture.wall, .improvement, -0.5, -0.52, -0.48),
      judgement(cpu, .regression, 0.123, 0.121, 0.125),
    ])
    #expect(
      text == [
        "jemalloc uses 12.3 % more CPU than glibc on larson [12.1, 12.5], does 500 % more operations per second "
          + "[490, 510], and takes 50 % less wall time [48, 52]."
      ])
  }

  @Test func `what is the same says within what, and what is undecided what it needs`() {
    #expect(
      Sentences.make([
        judgement(resident, .same, 0.001, -0.01, 0.01),
        judgement(cpu, .inconclusive, 0.1, nil, nil, missing: 5),
      ]) == [
        "jemalloc and glibc are the same on larson: peak resident within 2 %. Undecided: CPU needs 5 more trials."
      ])
    #expect(
      Sentences.make([
        judgement(resident, .inconclusive, 0.1, nil, nil, missing: 1),
        judgement(cpu, .inconclusive, 0.1, nil, nil, missing: 1),
      ]) == ["jemalloc against glibc on larson is undecided: peak resident, CPU need 1 more trial."])
  }

  @Test func `an interval that is too wide says how many trials would narrow it, roughly`() {
    // A half-width of 3 % and a target of 1.5 % take four times the trials.
    let wide = judgement(cpu, .inconclusive, 0.0004, -0.0294, 0.0302)
    #expect(
      Sentences.make([wide]) == [
        "jemalloc against glibc on larson is undecided: CPU +0.04 % [−2.94, 3.02] is too wide for a threshold of "
          + "3 %, about 31 more trials would narrow it."
      ])
    let hopeless = judgement(cpu, .inconclusive, 0.2, -0.5, 0.9)
    #expect(
      Sentences.make([hopeless])[0].hasSuffix("[−50, 90] is too wide for a threshold of 3 %, by far."))
    let edge = judgement(cpu, .inconclusive, 0.03, 0.025, 0.035)
    #expect(Sentences.make([edge])[0].hasSuffix("CPU +3.0 % [2.5, 3.5] lies at the threshold of 3 %."))
  }

  @Test func `small bytes are the same by the absolute part`() {
    #expect(
      Sentences.make([judgement(resident, .same, 0.15, 0.14, 0.16)])
        == ["jemalloc and glibc are the same on larson: peak resident within 256KiB."])
    var noisy = judgement(resident, .same, 0.001, -0.1, 0.1)
    noisy.difference = Difference(centre: 0, low: -1e5, high: 1e5)
    #expect(Sentences.make([noisy])[0].hasSuffix("peak resident within 256KiB."))
  }

  @Test func `from tenfold on it is a factor, and from nothing on there is none`() {
    #expect(
      Sentences.make([judgement(resident, .regression, 45, 39, 51)])
        == ["jemalloc uses 46 times the peak resident of glibc on larson [40, 52]."])
    var new = judgement(resident, .regression, 0, nil, nil)
    new.effect = nil
    #expect(Sentences.make([new]) == ["jemalloc has peak resident where glibc has none on larson."])
  }

  @Test func `regressions that gate come first, then improvements, then the rest`() {
    let text = Sentences.make([
      judgement(resident, .inconclusive, 0, nil, nil, place: "on a", missing: 2),
      judgement(resident, .same, 0, -0.01, 0.01, place: "on b"),
      judgement(resident, .improvement, -0.5, -0.6, -0.4, place: "on c"),
      judgement(resident, .regression, 0.05, 0.04, 0.06, place: "on d"),
      judgement(resident, .regression, 0.5, 0.4, 0.6, place: "on e"),
    ])
    let places = text.map { sentence in
      ["on a", "on b", "on c", "on d", "on e"].first(where: sentence.contains)
    }
    #expect(places == ["on e", "on d", "on c", "on b", "on a"])
  }

  @Test func `means over workloads lead, where they differ measurably`() {
    func mean(_ effect: Effect) -> GeometricMean {
      GeometricMean(
        definition: resident, baseline: "glibc", candidate: "jemalloc", place: "", workloads: 6,
        effect: effect, threshold: .standard(for: resident))
    }
    let clear = mean(Effect(change: -0.12, low: -0.14, high: -0.1, pairs: 10))
    let vague = mean(Effect(change: -0.12, low: -0.3, high: 0.1, pairs: 10))
    #expect(
      Sentences.make([], means: [clear, vague])
        == ["Over 6 workloads, jemalloc uses 12 % less peak resident than glibc [10, 14]."])
    #expect(Sentences.make([]).isEmpty)
  }

  @Test func `a whole comparison speaks for itself`() throws {
    let pairs = ComparisonFixture.pairs(8, factor: 1.25, scatter: 0.001, seed: 3)
    let cells = [(Fixture.glibc, pairs.baselines), (Fixture.jemalloc, pairs.values)].map { variant, values in
      ComparisonFixture.measured(
        Cell(subject: Fixture.larson, variant: variant, settings: .none), ["peak_resident": values])
    }
    let result = try Comparing.variants(ComparisonFixture.measurements(cells), reference: Fixture.glibc)
    #expect(result.sentences.count == 1)
    #expect(result.sentences[0].hasPrefix("jemalloc uses 25.0"))
    #expect(result.sentences[0].contains(" % more peak resident than glibc on larson [2"))
  }
}
