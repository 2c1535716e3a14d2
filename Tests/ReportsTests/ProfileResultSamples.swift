import Model

extension ProfileSamples {
  private static func metric(_ id: MetricID, _ title: String) -> MetricDefinition {
    MetricDefinition(id: id, title: title, explanation: "what \(title) counts", unit: .count, better: .lower)
  }

  private static func frame(_ name: String, _ role: Frame.Role = .program) -> Frame {
    Frame(function: name, object: "/usr/bin/app", role: role)
  }

  private static func totals(_ loads: Double, _ stores: Double) -> EventTotals {
    EventTotals(
      instructions: 9 * loads, loads: loads, stores: stores, d1Misses: loads / 50, llMisses: loads / 200)
  }

  private static let cache = CacheGeometry.Cache(size: Bytes(32 << 10), ways: 8, line: Bytes(64))

  private static let simulated = SimulatedEvents(
    tool: "valgrind 3.19.0", geometry: CacheGeometry(i1: cache, d1: cache, ll: cache),
    total: totals(2_000_000, 1_000_000), allocator: totals(900_000, 600_000), perOperation: totals(30, 20),
    allocatorPerOperation: totals(20, 12), operations: 64_000,
    functions: [SimulatedFunction(frame: frame("parse"), own: totals(700_000, 100_000))],
    isDeterministic: true, notes: [])

  private static let heap: StackProfile = {
    let names = ["live_objects", "live_bytes", "allocated_objects", "allocated_bytes"]
    var builder = StackProfileBuilder(
      title: "heap of jemalloc by call site",
      columns: names.map {
        .init(
          name: $0, unit: $0.hasSuffix("bytes") ? .bytes : .count, provenance: .sampled,
          explanation: "heap: \($0)")
      })
    builder.add([frame("malloc", .allocator), frame("parse"), frame("main")], values: [0, 0, 2000, 512_000])
    return builder.finished()
  }()

  /// A profile in which nearly everything is known.
  static let result: ProfileResult = {
    var result = emptyResult
    result.identity = Identity(
      allocator: "jemalloc", evidence: ["malloc is in libjemalloc.so.2"], verified: true)
    result.outcome = .signal(11)
    result.message = "ended by signal 11 (SIGSEGV)"
    result.duration = Nanoseconds(412_000_000)
    result.events = [
      EventReading(metric: metric("faults_minor", "minor faults"), value: .value(16_739, .counted)),
      EventReading(metric: metric("loads", "loads"), value: .unavailable("no hardware PMU")),
      EventReading(metric: metric("stores", "stores"), value: .unavailable("no hardware PMU")),
    ]
    result.growth = profile
    result.heaps = [heap]
    result.simulated = simulated
    result.memory = MemoryAccesses(
      source: "ibs_op (AMD)", samples: 3,
      levels: [.init(operation: "load", level: "L1 hit", samples: 3, p50: 4, p90: 5, p99: 7)], sharedLines: []
    )
    result.unavailable = [
      Unavailability(what: "loads with address", reason: "no hardware PMU", remedy: "use one")
    ]
    result.notes = ["2 records could not be understood"]
    return result
  }()

  /// A profile that found nothing.
  static let emptyResult = ProfileResult(
    title: "command:app on glibc/preload/jemalloc", command: ["app", "--load", "10"], cell: cell,
    startedAt: 1_700_000_000,
    host: [HostFact(name: "cpu_model", value: "a CPU"), HostFact(name: "kernel", value: "6.1")],
    version: "1.0", commandLine: ["heapscale", "profile", "--", "app"])

  private static let cell: Cell? = (try? Variant(parsing: "glibc/preload/jemalloc")).map {
    Cell(
      subject: .command(arm: "app", arguments: ["app", "--load", "10"]), variant: $0,
      settings: SettingsSet(name: "tight", environment: [.init(variable: "MALLOC_CONF", value: "narenas:1")]))
  }
}
