import Model

/// A session as a real run gives it: 8 variants × 3 workloads, with everything that can go wrong.
struct SampleSession {
  private static let allocators: [(variant: Variant, size: Double, speed: Double)] = [
    (Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc"), 1, 1),
    (Variant(libc: .glibc, linkage: .static, allocator: "glibc"), 0.93, 0.98),
    (Variant(libc: .musl, linkage: .dynamic, allocator: "musl"), 0.71, 6.2),
    (Variant(libc: .musl, linkage: .static, allocator: "musl"), 0.68, 6.1),
    (Variant(libc: .glibc, linkage: .dynamic, allocator: "tcmalloc-minimal"), 1.42, 0.55),
    (Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc"), 1.18, 0.61),
    (Variant(libc: .glibc, linkage: .preload, allocator: "scudo"), 1.3, 1.7),
    (Variant(libc: .musl, linkage: .static, allocator: "tcmalloc-minimal"), 1.39, 0.54),
  ]
  private static let subjects: [Subject] = [
    .workload(
      id: "larson",
      parameters: [
        Parameter(name: "threads", value: 4), Parameter(name: "chunks", value: 5000),
        Parameter(name: "seed", value: 1),
      ]),
    .workload(id: "sawtooth", parameters: [Parameter(name: "peak", value: 67_108_864, type: .bytes)]),
    .workload(id: "barnes-like", parameters: []),
  ]
  /// Middles of the metrics for the reference, in the order of `SampleMetrics.all`.
  private static let middles: [Double] = [
    0.412, 0.795, 12_400_000, 84.1, 0, 21_300_000, 14_900_000, 6_100_000, 0.08, 1.42, 5300, 1.2e9,
  ]

  static let plan = Plan(
    title: "Allocators at a glance", subjects: subjects, variants: allocators.map(\.variant),
    settings: [.none], reference: allocators[0].variant, trials: 10, warmupBlocks: 1, seed: 42,
    sampling: Sampling(), limits: Limits())

  static let result = SessionResult(
    session: Session(
      id: "20260102-030405-abcd", startedAt: 1_767_323_045, plan: plan,
      host: [
        HostFact(name: "architecture", value: "x86_64"),
        HostFact(name: "cpu_model", value: "Example CPU @ 2.0 GHz"),
        HostFact(name: "kernel", value: "6.1.0"),
      ],
      skipped: [
        SkippedVariant(
          variant: Variant(libc: .glibc, linkage: .preload, allocator: "tbbmalloc"), workload: nil,
          reason: "libtbbmalloc.so.2 is not installed: apt-get install libtbbmalloc2"),
        SkippedVariant(
          variant: Variant(libc: .musl, linkage: .dynamic, allocator: "musl"), workload: "barnes-like",
          reason: "needs a C++ library for musl, which this toolchain does not have"),
      ],
      artifacts: [
        ArtifactRecord(
          kind: "target", path: "/cache/larson-glibc-dynamic", size: Bytes(16_312),
          sha256: String(repeating: "5e", count: 32), origin: "gcc -O2")
      ], version: "0.1.0", commandLine: ["heapscale", "run", "quick"]),
    cells: subjects.indices.flatMap(cells),
    notes: ["The machine was busy during 3 of 240 trials (load average above 2.0)."])

  private static func cells(_ workload: Int) -> [CellResult] {
    let cells = allocators.indices.map { cell(workload, $0) }
    return SampleCells.compared(cells, reference: plan.reference)
  }

  private static func cell(_ workload: Int, _ index: Int) -> CellResult {
    let variant = allocators[index].variant
    let outcomes = outcomes(workload, variant)
    let passed = outcomes.first { $0.outcome == .ok }?.count ?? 0
    return CellResult(
      cell: Cell(subject: subjects[workload], variant: variant, settings: .none),
      identity: identity(variant), outcomes: outcomes, messages: messages(outcomes),
      metrics: SampleMetrics.all.indices.map { metric($0, workload, index, count: passed) })
  }

  private static func outcomes(_ workload: Int, _ variant: Variant) -> [OutcomeCount] {
    switch (workload, variant.allocator, variant.linkage) {
    case (_, "scudo", _): [OutcomeCount(outcome: .preloadFailed, count: 10)]
    case (1, "musl", .dynamic):
      [OutcomeCount(outcome: .timeOut, count: 9), OutcomeCount(outcome: .signal(11), count: 1)]
    case (0, "jemalloc", _):
      [OutcomeCount(outcome: .ok, count: 8), OutcomeCount(outcome: .wrongAnswer, count: 2)]
    default: [OutcomeCount(outcome: .ok, count: 10)]
    }
  }

  private static func messages(_ outcomes: [OutcomeCount]) -> [String] {
    outcomes.compactMap { count in
      switch count.outcome {
      case .preloadFailed: "libscudo.so is not among the mapped files; ld.so said: cannot open shared object"
      case .timeOut: "killed after 60 s"
      case .wrongAnswer: "block 17 does not hold what was written"
      default: nil
      }
    }
  }

  private static func identity(_ variant: Variant) -> Identity {
    switch variant.allocator {
    case "scudo": .unknown
    case "tcmalloc-minimal" where variant.libc == .musl:
      Identity(
        allocator: "musl", evidence: ["no symbol of tcmalloc in /cache/musl-tcmalloc"], verified: false)
    default:
      Identity(
        allocator: variant.allocator, evidence: ["/lib/lib\(variant.allocator).so.2 is mapped", "no other"],
        verified: true)
    }
  }

  private static func metric(_ index: Int, _ workload: Int, _ allocator: Int, count: Int) -> MetricResult {
    let definition = SampleMetrics.all[index]
    let variant = allocators[allocator]
    if count == 0 { return SampleCells.none(definition, because: "no trial ended ok") }
    switch definition.id {
    case "malloc_p99": return SampleCells.none(definition, because: "not asked for: --latency")
    case "time_per_op" where workload == 2:
      return SampleCells.none(definition, because: "the steady phase has no operation")
    case "retained_resident" where variant.variant.libc == .musl:
      return SampleCells.none(definition, because: "the idle phase was too short")
    default: break
    }
    let isSize = [MetricUnit.bytes, .ratio].contains(definition.unit)
    let factor =
      isSize ? variant.size : definition.better == .higher ? 1 / variant.speed : variant.speed
    let scale = workload == 1 ? 7.3 : 1
    let middle = middles[index] * (workload == 2 && !isSize ? 1 : factor) * (isSize ? scale : 1)
    let provenance: Provenance =
      definition.id == "mean_resident" ? .sampled : definition.id == "instructions" ? .simulated : .counted
    return SampleCells.figure(
      definition, rounded(middle, definition.unit, count, UInt64(index * 64 + workload * 8 + allocator)),
      provenance)
  }

  private static func rounded(_ middle: Double, _ unit: MetricUnit, _ count: Int, _ seed: UInt64) -> [Double]
  {
    let values = SampleCells.values(around: middle, count: count, seed: seed)
    return [.bytes, .count].contains(unit) ? values.map { $0.rounded() } : values
  }
}
