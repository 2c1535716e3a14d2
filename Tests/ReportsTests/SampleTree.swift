import Model

/// A server with its workers under a wrapper, as `compare` sees it; and a build of many processes.
enum SampleTree {
  static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  static let jemalloc = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  static let server = Subject.command(arm: "server", arguments: ["sh", "-c", "nginx & sleep 1; kill %1"])

  static func process(
    _ pid: Int32, of parent: Int32, _ path: String, title: String? = nil,
    allocator: AllocatorID? = "jemalloc",
    began: Int64 = 0, ended: Int64? = 1000, mebibytes: Int64? = 5, cpu: Int64? = 12, status: Int32? = 0,
    share: Double? = 0.2
  ) -> ProcessRecord {
    let identity = Identity(
      allocator: allocator, evidence: ["malloc is resolved from libjemalloc.so.2"],
      verified: allocator != "musl")
    return ProcessRecord(
      pid: pid, parent: parent, began: Nanoseconds(began * 1_000_000),
      ended: ended.map { Nanoseconds($0 * 1_000_000) },
      images: [.init(path: path, began: Nanoseconds(0), identity: identity)],
      peakResident: mebibytes.map { Bytes($0 << 20) }, cpu: cpu.map { Nanoseconds($0 * 1_000_000) },
      status: status,
      residentShare: share, arguments: title.map { [$0] } ?? [path])
  }

  static let processes = [
    process(100, of: 0, "/usr/bin/dash", mebibytes: 1, cpu: 1, share: 0.04),
    process(
      101, of: 100, "/usr/sbin/nginx", title: "nginx: master process nginx", began: 2, mebibytes: 9,
      share: 0.2),
    process(
      102, of: 101, "/usr/sbin/nginx", title: "nginx: worker process", began: 12, mebibytes: 42, cpu: 410,
      share: 0.4),
    process(
      103, of: 101, "/usr/sbin/nginx", title: "nginx: worker process", began: 13, mebibytes: 38, cpu: 395,
      share: 0.3),
    process(104, of: 100, "/usr/bin/sleep", began: 3, mebibytes: nil, cpu: nil, status: nil, share: 0.01),
    process(
      105, of: 100, "/opt/worker-musl", allocator: "musl", began: 400, ended: nil, mebibytes: 3, status: 9,
      share: 0.05),
  ]

  /// 3000 compilers, their drivers and shells.
  static let build = ProcessTable(
    records: (0..<3000).map { index in
      let names = ["cc1", "as", "gcc", "sh"]
      return process(
        Int32(index + 10), of: 10, "/usr/bin/\(names[index % 4])", allocator: "glibc", began: Int64(index),
        ended: Int64(index + 90),
        mebibytes: Int64([70, 9, 2, 1][index % 4] + index % 7), cpu: Int64(index % 90),
        status: index % 997 == 4 ? 256 : 0, share: 1.0 / 3000)
    }
  ).compacted()

  static let result: SessionResult = {
    let plan = Plan(
      title: "A server and a build", subjects: [server], variants: [glibc, jemalloc], settings: [.none],
      reference: glibc, trials: 3, warmupBlocks: 0, seed: 1, sampling: Sampling(), limits: Limits())
    let session = Session(
      id: "20260106-030405-tree", startedAt: 1_767_668_645, plan: plan, host: [], skipped: [], artifacts: [],
      version: "0.1.0", commandLine: ["heapscale", "compare"])
    let peak = MetricDefinition(
      id: "peak_resident", title: "peak RSS", explanation: "of all processes together", unit: .bytes,
      better: .lower)
    let one = MetricDefinition(
      id: "peak_process", title: "peak of one", explanation: "of the largest process", unit: .bytes,
      better: .lower)
    let cells = [glibc, jemalloc].map { variant in
      let table = variant == glibc ? build : ProcessTable(records: processes)
      var cell = CellResult(
        cell: Cell(subject: server, variant: variant, settings: .none),
        identity: Identity(allocator: variant.allocator, evidence: [], verified: true),
        outcomes: [OutcomeCount(outcome: .ok, count: 3)], messages: [],
        metrics: [
          SampleCells.figure(peak, [9e7, 9.1e7, 9.2e7], .sampled),
          SampleCells.figure(one, [4.4e7, 4.4e7, 4.5e7], .counted),
        ])
      cell.processes = CellProcesses(block: 1, table: table)
      return cell
    }
    return SessionResult(session: session, cells: cells, notes: [])
  }()

  static let trial: Trial = {
    var trial = Trial(
      cellKey: result.cells[1].cell.key, block: 1, position: 0, startedAt: 1_767_668_650, outcome: .ok,
      message: nil,
      stderrTail: "", values: ["peak_process": .value(44_040_192, .counted)], series: nil,
      identity: Identity(allocator: "jemalloc", evidence: [], verified: true), conditions: [:])
    trial.processes = processes
    return trial
  }()
}
