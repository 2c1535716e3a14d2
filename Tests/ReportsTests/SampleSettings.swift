import Findings
import Model

/// A session of settings: three variants with sets that act, do nothing, do harm or end the program.
enum SampleSettings {
  static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  static let jemalloc = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  static let tcmalloc = Variant(libc: .glibc, linkage: .dynamic, allocator: "tcmalloc")
  static let sets: [SettingsSet] = [
    .none, set("tight", "MALLOC_CONF", "dirty_decay_ms:0,lg_chunk:20"),
    set("purge", "MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0"),
    set("mmap", "MALLOC_MMAP_THRESHOLD_", "1M", for: ["glibc"]),
    set("fatal", "MALLOC_CONF", "abort_conf:true,nonsense:1", for: ["jemalloc"]),
  ]

  /// The result as Findings works it out of trials.
  static let result = result()

  static func result(
    variants: [Variant] = [glibc, jemalloc, tcmalloc], settings: [SettingsSet] = sets, trials: Int = 8
  ) -> SessionResult {
    let plan = Plan(
      title: "What settings are worth", subjects: [1, 4].map(larson), variants: variants,
      settings: settings, reference: variants[0], trials: trials, warmupBlocks: 1, seed: 42,
      sampling: Sampling(events: .none), limits: Limits())
    let session = Session(
      id: "20260104-030405-sets", startedAt: 1_767_495_845, plan: plan,
      host: [HostFact(name: "architecture", value: "x86_64")], skipped: [], artifacts: [],
      version: "0.1.0", commandLine: ["heapscale", "run"], audits: SampleAudits.all)
    return SessionAnalysis.result(
      session: session, cells: plan.cells,
      trials: (0..<trials).flatMap { block in plan.cells.map { trial($0, block: block) } },
      definitions: SampleMetrics.all)
  }

  private static func larson(threads: Int64) -> Subject {
    .workload(
      id: "larson",
      parameters: [Parameter(name: "threads", value: threads), Parameter(name: "seed", value: 1)])
  }

  private static func set(
    _ name: String, _ variable: String, _ value: String, for targets: [String] = []
  ) -> SettingsSet {
    SettingsSet(
      name: name, environment: [EnvironmentAssignment(variable: variable, value: value)], targets: targets)
  }

  /// What the settings do to peak, retained and times.
  private static func factors(_ cell: Cell) -> (peak: Double, retained: Double, time: Double) {
    switch (cell.settings.name, cell.variant.allocator) {
    case ("tight", "jemalloc"), ("purge", "jemalloc"): (0.93, 0.31, 1.24)
    case ("mmap", _): (12.6, 1.1, 31)
    default: (1, 1, 1)
    }
  }

  private static func trial(_ cell: Cell, block: Int) -> Trial {
    let failed = cell.settings.name == "fatal"
    return Trial(
      cellKey: cell.key, block: block, position: 0, startedAt: 0, outcome: failed ? .signal(6) : .ok,
      message: nil, stderrTail: "", values: failed ? [:] : values(cell, block), series: nil,
      identity: Identity(
        allocator: cell.variant.allocator, evidence: ["its file is mapped"], verified: !failed),
      conditions: [:])
  }

  private static func values(_ cell: Cell, _ block: Int) -> [MetricID: MetricValue] {
    let factors = factors(cell)
    let seed = cell.key.utf8.reduce(UInt64(block)) { $0 &* 31 &+ UInt64($1) }
    let noise = SampleCells.values(around: 1, count: 4, seed: seed)
    return [
      "peak_resident": .value((21e6 * factors.peak * noise[0]).rounded(), .counted),
      "retained_resident": .value((6.1e6 * factors.retained * noise[1]).rounded(), .counted),
      "cpu": .value(0.8 * factors.time * noise[2], .counted),
      "wall": .value(0.4 * factors.time * noise[3], .counted),
      "faults_minor": .value(factors.time > 30 ? 90_000 + Double(block) : 0, .counted),
    ]
  }
}
