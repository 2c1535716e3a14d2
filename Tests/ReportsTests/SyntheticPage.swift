import Findings
import Model

@testable import Reports

/// Sessions of any size, worked out from trials as a real one is: what the tests of pages are made from.
enum SyntheticPage {
  static let variants: [Variant] = [
    Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc"),
    Variant(libc: .glibc, linkage: .static, allocator: "glibc"),
    Variant(libc: .musl, linkage: .dynamic, allocator: "musl"),
    Variant(libc: .musl, linkage: .static, allocator: "musl"),
    Variant(libc: .glibc, linkage: .dynamic, allocator: "tcmalloc"),
    Variant(libc: .glibc, linkage: .static, allocator: "tcmalloc-minimal"),
    Variant(libc: .glibc, linkage: .preload, allocator: "tcmalloc-minimal"),
    Variant(libc: .glibc, linkage: .dynamic, allocator: "jemalloc"),
    Variant(libc: .glibc, linkage: .preload, allocator: "mimalloc"),
    Variant(libc: .glibc, linkage: .preload, allocator: "scudo"),
    Variant(libc: .musl, linkage: .static, allocator: "jemalloc"),
    Variant(libc: .musl, linkage: .static, allocator: "tcmalloc-minimal", foreignArchitecture: "aarch64"),
  ]
  private static let workloads = [
    "larson", "sawtooth", "xmalloc", "fragment", "alloc-test", "glibc-simple", "cache-scratch", "barnes-like",
    "trace-of-a-compiler", "a-long-name-of-a-workload",
  ]
  private static let settings = ["default", "tight", "lazy", "one-arena", "huge-pages", "background"]

  /// A page with so many of everything.
  static func contents(
    variants: Int = 4, workloads: Int = 2, settings: Int = 1, trials: Int = 7
  ) throws -> PageContents {
    let plan = plan(variants, workloads, settings, trials)
    let session = Session(
      id: "20260105-030405-page", startedAt: 1_767_582_245, plan: plan,
      host: SampleSession.result.session.host,
      skipped: SampleSession.result.session.skipped, artifacts: SampleSession.result.session.artifacts,
      version: "0.1.0", commandLine: ["heapscale", "run", "plan.yaml"], audits: audits(plan))
    var analysis = SessionAnalysis(session: session, cells: plan.cells, definitions: SampleMetrics.all)
    var columns = TrialColumns()
    for block in 0..<trials {
      for cell in plan.cells {
        let trial = trial(cell, block)
        analysis.add(trial)
        columns.add(trial)
      }
    }
    let measured = analysis.measurements()
    var comparisons: [ComparisonResult] = []
    if variants > 1 { comparisons.append(try Comparing.variants(measured, reference: plan.reference)) }
    if settings > 1 { comparisons.append(try Comparing.settings(measured)) }
    return PageContents(
      result: analysis.result(), comparisons: comparisons, curves: plan.cells.map(curve), trials: columns)
  }

  private static func plan(_ variants: Int, _ workloads: Int, _ settings: Int, _ trials: Int) -> Plan {
    let subjects = self.workloads.prefix(workloads).map { name in
      Subject.workload(
        id: name, parameters: [Parameter(name: "threads", value: 2), Parameter(name: "seed", value: 1)])
    }
    let sets = self.settings.prefix(settings).enumerated().map { index, name in
      SettingsSet(
        name: name,
        environment: index == 0
          ? [] : [EnvironmentAssignment(variable: "MALLOC_CONF", value: "narenas:\(index)")])
    }
    return Plan(
      title: "A page of everything", subjects: Array(subjects),
      variants: Array(self.variants.prefix(variants)),
      settings: sets, reference: self.variants[0], trials: trials, warmupBlocks: 1, seed: 42,
      sampling: Sampling(),
      limits: Limits())
  }

  private static func audits(_ plan: Plan) -> [AuditRecord] {
    plan.settings.filter { !$0.environment.isEmpty }.flatMap { set in
      plan.variants.map { variant in
        AuditRecord(
          variant: variant, settings: set.name, process: "a probe",
          entries: [
            SettingAudit(
              variable: "MALLOC_CONF", key: "narenas", value: "1",
              verdict: variant.allocator == "jemalloc" ? .accepted : .inert, evidence: "what was seen")
          ])
      }
    }
  }

  /// How far a cell is from the reference.
  private static func factor(_ cell: Cell) -> Double {
    let place = variants.firstIndex(of: cell.variant) ?? 0
    let set = settings.firstIndex(of: cell.settings.name) ?? 0
    return 1 + 0.17 * Double(place % 5) - 0.06 * Double(place % 3) + 0.04 * Double(set)
  }

  static func trial(_ cell: Cell, _ block: Int) -> Trial {
    let factor = factor(cell)
    let seed = cell.key.utf8.reduce(UInt64(block)) { $0 &* 31 &+ UInt64($1) }
    let noise = SampleCells.values(around: 1, count: 6, seed: seed)
    let failed = cell.variant.allocator == "scudo" && block == 2
    return Trial(
      cellKey: cell.key, block: block, position: 0, startedAt: 0, outcome: failed ? .signal(11) : .ok,
      message: failed ? "it ended by SIGSEGV" : nil, stderrTail: "",
      values: [
        "peak_resident": .value((21e6 * factor * noise[0] / 4096).rounded() * 4096, .counted),
        "retained_resident": .value((6e6 * factor * noise[1] / 1024).rounded() * 1024, .counted),
        "residence_half_life": .value(0.08 * noise[2], .sampled),
        "cpu": .value(0.8 / factor * noise[3], .counted), "wall": .value(0.4 / factor * noise[4], .counted),
        "overhead": .value(1.3 * factor * noise[0] / 3, .counted),
        "malloc_p99": .value((900 * noise[5]).rounded(), .sampled),
        "faults_minor": .value((5300 * factor).rounded(), .counted),
        "instructions": .unavailable("no hardware PMU on this machine (perf_event_open: ENOENT)"),
      ], series: nil,
      identity: Identity(allocator: cell.variant.allocator, evidence: ["its file is mapped"], verified: true),
      conditions: ["load1": "3.5"])
  }

  /// As if three programs had run, the second of them for a while.
  private static func parts(_ samples: [ResidentSeries.Sample]) -> [ResidentSeries.Part] {
    let second = samples.indices.map { (30..<80).contains($0) ? samples[$0].resident.count / 3 : 0 }
    let rest = samples.map { $0.resident.count / 10 }
    let first = samples.indices.map { samples[$0].resident.count - second[$0] - rest[$0] }
    return [("nginx: worker", first), ("cc1", second), (nil, rest)].map {
      ResidentSeries.Part(command: $0, resident: $1.map { Bytes($0) })
    }
  }

  private static func curve(_ cell: Cell) -> CellCurve {
    let factor = factor(cell)
    let samples = SampleTrial.series.samples.map { sample in
      ResidentSeries.Sample(
        time: Nanoseconds(Int64(Double(sample.time.count) / factor)),
        resident: Bytes(Int64(Double(sample.resident.count) * factor)), live: sample.live)
    }
    let marks = SampleTrial.series.marks.map { mark in
      var mark = mark
      mark.began = Nanoseconds(Int64(Double(mark.began.count) / factor))
      return mark
    }
    var series = ResidentSeries(samples: samples, marks: marks, missedTicks: 1)
    if cell.variant == variants[0] { series.parts = parts(samples) }
    return CellCurve(cellKey: cell.key, block: 0, series: series, columns: 80)
  }
}
