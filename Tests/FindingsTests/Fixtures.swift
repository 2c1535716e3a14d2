import Model

@testable import Findings

/// A session of one workload over three variants, and trials to fill it.
enum Fixture {
  static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  static let jemalloc = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  static let musl = Variant(libc: .musl, linkage: .static, allocator: "musl")
  static let larson = Subject.workload(id: "larson", parameters: [Parameter(name: "threads", value: 2)])
  static let tight = SettingsSet(name: "tight", environment: [])
  static let wall = MetricDefinition(
    id: "wall", title: "wall", explanation: "", unit: .seconds, better: .lower)
  static let throughput = MetricDefinition(
    id: "throughput", title: "throughput", explanation: "", unit: .perSecond, better: .higher)
  static let definitions = [wall, throughput]

  static func session(
    subjects: [Subject] = [larson], variants: [Variant] = [glibc, jemalloc, musl],
    settings: [SettingsSet] = [.none], trials: Int = 2, host: [HostFact] = [],
    skipped: [SkippedVariant] = []
  ) -> Session {
    let plan = Plan(
      title: "", subjects: subjects, variants: variants, settings: settings, reference: glibc,
      trials: trials, warmupBlocks: 1, seed: 1, sampling: Sampling(), limits: Limits())
    return Session(
      id: "s", startedAt: 0, plan: plan, host: host, skipped: skipped, artifacts: [], version: "",
      commandLine: [])
  }

  static func trial(
    _ cell: Cell, block: Int = 0, values: [MetricID: MetricValue] = [:], outcome: Outcome = .ok,
    message: String? = nil, verified: Bool = true, allocator: AllocatorID? = nil,
    conditions: [String: String] = [:]
  ) -> Trial {
    Trial(
      cellKey: cell.key, block: block, position: 0, startedAt: 0, outcome: outcome, message: message,
      stderrTail: "", values: values, series: nil,
      identity: Identity(
        allocator: allocator ?? cell.variant.allocator, evidence: ["seen in block \(block)"],
        verified: verified),
      conditions: conditions)
  }

  static func result(_ session: Session, _ trials: [Trial]) -> SessionResult {
    SessionAnalysis.result(
      session: session, cells: session.plan.cells, trials: trials, definitions: definitions)
  }

  /// One trial a cell with these wall seconds, in the order of the plan's cells; nil leaves a cell out.
  static func walls(_ seconds: [Double?], _ session: Session, verified: [Bool]? = nil) -> SessionResult {
    let trials = zip(session.plan.cells, seconds).enumerated().compactMap { index, pair in
      pair.1.map {
        trial(pair.0, values: ["wall": .value($0, .counted)], verified: verified?[index] ?? true)
      }
    }
    return result(session, trials)
  }
}

extension SessionResult {
  /// The wall metric of every cell.
  var walls: [MetricResult?] { cells.map { $0.metric("wall") } }
}
