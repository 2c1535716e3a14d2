import Foundation
import GRDB
import Model

@testable import Store

/// A folder of its own for one test, gone with it.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String = "heapscale.sqlite") -> String { "\(path)/\(name)" }

  func open(_ mode: Store.Mode = .create) throws -> Store { try Store.open(path: file(), mode: mode) }
}

enum Fixture {
  static let subject = Subject.workload(id: "larson", parameters: [Parameter(name: "threads", value: 4)])
  static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  static let jemalloc = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  static let tight = SettingsSet(
    name: "tight",
    environment: [EnvironmentAssignment(variable: "MALLOC_CONF", value: "dirty_decay_ms:0")])
  static let cells = session().plan.cells
  static var key: String { cells[0].key }

  static func session(_ id: String = "20260102-030405-abcd", startedAt: Double = 1.767e9) -> Session {
    let plan = Plan(
      title: "a \"title\" with ümlauts", subjects: [subject], variants: [glibc, jemalloc],
      settings: [.none, tight], reference: glibc, trials: 10, warmupBlocks: 1, seed: .max,
      sampling: Sampling(rateHz: 250), limits: Limits(memory: Bytes(1 << 30)))
    return Session(
      id: id, startedAt: startedAt, plan: plan, host: [HostFact(name: "cores", value: "2")],
      skipped: [SkippedVariant(variant: jemalloc, workload: nil, reason: "apt install libjemalloc2")],
      artifacts: [
        ArtifactRecord(kind: "target", path: "/x", size: Bytes(9), sha256: "00", origin: "gcc -O2")
      ],
      version: "0.1", commandLine: ["heapscale", "run", "--quick"], audits: [audit(of: glibc)])
  }

  static func audit(of variant: Variant, arm: String? = nil) -> AuditRecord {
    AuditRecord(
      variant: variant, settings: "tight", arm: arm, process: "probe, linked like larson",
      entries: [
        SettingAudit(
          variable: "MALLOC_CONF", key: "dirty_decay_ms", value: "0", verdict: .inert,
          evidence: "no mapped file holds the \"name\"\nof the variable"),
        SettingAudit(
          variable: "GOGC", key: nil, value: "50", verdict: .acceptedClamped, evidence: "",
          readback: "100", baseline: ""),
      ])
  }

  static func simulation(_ key: String, loads: Double? = 12.5) -> SimulationRecord {
    guard let loads else {
      return SimulationRecord(cellKey: key, events: nil, unavailable: "valgrind is not \"there\"")
    }
    let totals = EventTotals(instructions: 1e9, loads: loads, stores: 0.1, d1Misses: 2, llMisses: 0)
    let function = SimulatedFunction(
      frame: Frame(function: "malloc", object: "/libc.so.6", role: .allocator), own: totals)
    let cache = CacheGeometry.Cache(size: Bytes(32 << 10), ways: 8, line: Bytes(64))
    let events = SimulatedEvents(
      tool: "valgrind 3.19.0", geometry: CacheGeometry(i1: cache, d1: cache, ll: cache), total: totals,
      allocator: totals, perOperation: totals, allocatorPerOperation: nil, operations: .max,
      functions: [function], isDeterministic: true, notes: ["a\nnote"])
    return SimulationRecord(cellKey: key, events: events)
  }

  static func trial(
    cell: String = key, block: Int = 0, position: Int = 0, samples: Int = 3, outcome: Outcome = .ok
  ) -> Trial {
    var trial = Trial(
      cellKey: cell, block: block, position: position, startedAt: 1.767e9 + Double(block) + 0.125,
      outcome: outcome, message: outcome == .ok ? nil : "ended by signal 11", stderrTail: "line\nlast line",
      values: [
        "peak_resident": .value(1_234_567, .counted), "wall": .value(0.1 + Double(block) / 3, .counted),
        "mean_resident": .value(1e-300, .sampled), "malloc_p50": .unavailable("latency was not asked for"),
      ],
      series: samples == 0 ? nil : series(samples),
      identity: Identity(allocator: "glibc", evidence: ["libc.so.6 maps malloc"], verified: true),
      conditions: ["load1": "0.5"])
    trial.processes = (0..<3).map { process(pid: 100 + $0, status: $0 == 2 ? 9 : 0) }
    trial.otherProcesses = [ProcessKind(process(pid: 7))]
    return trial
  }

  static func process(
    pid: Int32, name: String = "worker", cpu: Int64 = 1, share: Double? = 0.25, status: Int32? = 0
  )
    -> ProcessRecord
  {
    let identity = Identity(
      allocator: "jemalloc", evidence: ["malloc is \"resolved\"\nthere"], verified: true)
    return ProcessRecord(
      pid: pid, parent: 1, began: Nanoseconds(Int64(pid)), ended: status.map { _ in Nanoseconds(5_000_000) },
      images: [.init(path: "/usr/bin/\(name)", began: Nanoseconds(3), identity: identity)],
      peakResident: Bytes(1 << 20), cpu: Nanoseconds(cpu), status: status, residentShare: share,
      arguments: [name, "--ümlaut\u{1b}"])
  }

  static func series(_ count: Int) -> ResidentSeries {
    let samples = (0..<Int64(count)).map { (index: Int64) -> ResidentSeries.Sample in
      let jitter = index * 7919 % 90_000
      let pages = 300 + index * 31 % 64
      return ResidentSeries.Sample(
        time: Nanoseconds(index * 10_000_000 + jitter), resident: Bytes(pages * 4096),
        live: Bytes(index * 104_729 % 1_000_000))
    }
    let mark = ResidentSeries.Mark(
      phase: "steady", ended: Nanoseconds(5), began: Nanoseconds(9), cpuEnded: Nanoseconds(3),
      cpuBegan: Nanoseconds(4), operations: .max, live: Bytes(-1), resident: Bytes(4096), anonymous: nil,
      lazyFree: Bytes(0))
    return ResidentSeries(samples: samples, marks: [mark], missedTicks: 2)
  }
}

extension Store {
  /// Runs a statement outside of any transaction, as a test needs it.
  func run(_ sql: String) throws {
    try database.writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  /// The first column of the first row.
  func number(_ sql: String) throws -> Int {
    try database.read { try Int.fetchOne($0, sql: sql) ?? -1 }
  }

  /// What SQLite says about its own structure: `ok`.
  func integrity() throws -> String {
    try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") ?? "" }
  }
}
