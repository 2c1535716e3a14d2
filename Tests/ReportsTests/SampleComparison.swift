import Model

/// A comparison as a check gives it, with every verdict and everything that can be said about one.
enum SampleComparison {
  static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  static let jemalloc = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  static let larson = Subject.workload(
    id: "larson", parameters: [Parameter(name: "threads", value: 4), Parameter(name: "seed", value: 1)])
  static let sawtooth = Subject.workload(
    id: "sawtooth", parameters: [Parameter(name: "peak", value: 67_108_864, type: .bytes)])

  static let result = ComparisonResult(
    title: "jemalloc against glibc", baseline: "glibc", candidate: "jemalloc",
    judgements: [
      judged("peak_resident", larson, 21_300_000, 17_466_000, effect(-0.18, -0.21, -0.15), .improvement),
      judged("cpu", larson, 0.795, 0.845, effect(0.062, 0.041, 0.083), .regression, outliers: ([3], [3, 7])),
      judged("wall", larson, 0.412, 0.471, effect(0.143, 0.061, 0.19), .regression),
      exact("faults_minor", larson, 5300, 5300, effect(0, 0, 0), .same),
      judged("time_per_op", larson, 84.1, 84.3, effect(0.002, -0.01, 0.015), .same),
      judged("throughput", larson, 12_400_000, 12_300_000, effect(-0.008, -0.06, 0.05), .inconclusive),
      judged("peak_resident", sawtooth, 155_000_000, 155_600_000, effect(0.004, -0.005, 0.011), .same),
      judged("cpu", sawtooth, 0.2, 0.21, effect(0.05, nil, nil, pairs: 3), .inconclusive, missing: 5),
      judged(
        "retained_resident", sawtooth, 0, 12_582_912, nil, .regression,
        difference: Difference(centre: 12_582_912, low: 12_320_768, high: 13_000_000),
        notes: ["every value of the baseline is 0"]),
      judged("wall", sawtooth, 0.31, 0.305, effect(-0.016, -0.09, 0.06), .inconclusive),
    ],
    means: [
      GeometricMean(
        definition: definition("peak_resident"), baseline: "glibc", candidate: "jemalloc", place: "",
        workloads: 2, effect: effect(-0.093, -0.11, -0.075), threshold: threshold("peak_resident")),
      GeometricMean(
        definition: definition("cpu"), baseline: "glibc", candidate: "jemalloc", place: "", workloads: 2,
        effect: effect(0.056, nil, nil, pairs: 3), threshold: threshold("cpu")),
    ],
    noiseFloor: [
      floor("peak_resident", larson, effect(0.001, -0.004, 0.006), exceeds: false),
      floor("wall", larson, effect(0.021, -0.03, 0.083), exceeds: true),
      floor("cpu", sawtooth, effect(0.01, nil, nil, pairs: 3), exceeds: nil),
    ],
    noise: [
      "The machine was busy: load average 3.4 on 2 cores; stop other programs, or take a quiet machine."
    ],
    warnings: ["sawtooth: 1 of 10 trials of jemalloc timed out and gave no value."],
    sentences: [
      "jemalloc uses 18 % less peak RSS than glibc on larson [15, 21], and 6.2 % more CPU [4.1, 8.3].",
      "On sawtooth it retains 12.0 MiB where glibc retains nothing.",
    ])

  static let session = Session(
    id: "20260102-030405-abcd", startedAt: 1_767_323_045, plan: SampleSession.plan,
    host: SampleSession.result.session.host, skipped: [], artifacts: [], version: "0.1.0",
    commandLine: ["heapscale", "check", "gate"])

  /// The commands of two arms, measured one after the other.
  static let arms: ComparisonResult = {
    var judgement = judged("peak_resident", larson, 9_000_000, 9_100_000, effect(0.011, 0.004, 0.02), .same)
    judgement.baseline.cell = arm("base", "./app-old")
    judgement.candidate.cell = arm("new", "./app-new")
    judgement.baseline.name = "base"
    judgement.candidate.name = "new"
    judgement.candidate.count = 8
    judgement.place = ""
    judgement.isPaired = false
    return ComparisonResult(
      title: "new against base", baseline: "base", candidate: "new", judgements: [judgement])
  }()

  static func definition(_ id: MetricID) -> MetricDefinition {
    SampleMetrics.all.first { $0.id == id }
      ?? MetricDefinition(id: id, title: id.rawValue, explanation: "", unit: .count, better: .lower)
  }

  static func threshold(_ id: MetricID) -> Threshold { Threshold.standard(for: definition(id)) }

  static func effect(_ change: Double, _ low: Double?, _ high: Double?, pairs: Int = 10) -> Effect {
    Effect(
      change: change, low: low, high: high, pairs: pairs,
      note: low == nil ? "needs 6 pairs for a 95 % interval" : nil)
  }

  static func judged(
    _ id: MetricID, _ subject: Subject, _ before: Double, _ after: Double, _ effect: Effect?,
    _ verdict: Verdict, difference: Difference? = nil, outliers: ([Int], [Int]) = ([], []), missing: Int = 0,
    notes: [String] = []
  ) -> Judgement {
    let count = effect?.pairs ?? 10
    let place = subject == larson ? "on larson threads=4" : "on sawtooth"
    return Judgement(
      definition: definition(id),
      baseline: JudgedSide(
        cell: Cell(subject: subject, variant: glibc, settings: .none), name: "glibc", count: count,
        median: before, outliers: outliers.0),
      candidate: JudgedSide(
        cell: Cell(subject: subject, variant: jemalloc, settings: .none), name: "jemalloc", count: count,
        median: after, outliers: outliers.1),
      place: place, effect: effect,
      difference: difference ?? Difference(centre: after - before, low: nil, high: nil),
      threshold: threshold(id), lane: .sampled, isPaired: true, verdict: verdict,
      adjustedP: AdjustedP(regression: verdict == .regression ? 0.004 : 1, improvement: 1), missing: missing,
      detectable: effect?.low == nil ? nil : 0.035, notes: notes)
  }

  private static func exact(
    _ id: MetricID, _ subject: Subject, _ before: Double, _ after: Double, _ effect: Effect,
    _ verdict: Verdict
  ) -> Judgement {
    var judgement = judged(id, subject, before, after, effect, verdict)
    judgement.lane = .exact
    judgement.adjustedP = nil
    judgement.detectable = nil
    return judgement
  }

  private static func floor(_ id: MetricID, _ subject: Subject, _ effect: Effect, exceeds: Bool?)
    -> NoiseFloor
  {
    NoiseFloor(
      definition: definition(id), cell: Cell(subject: subject, variant: glibc, settings: .none),
      effect: effect, threshold: threshold(id), exceeds: exceeds)
  }

  private static func arm(_ name: String, _ command: String) -> Cell {
    Cell(subject: .command(arm: name, arguments: [command]), variant: glibc, settings: .none)
  }
}
