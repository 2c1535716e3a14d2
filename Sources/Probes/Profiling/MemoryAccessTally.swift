import Model

/// One sampled load or store, as far as the tally needs it.
public struct MemoryAccess: Hashable, Sendable {
  /// Whether it is a store; else it is a load.
  public var isStore: Bool
  /// The level that served it, in words.
  public var level: String
  /// Whether the line was found modified in another core's cache (HITM).
  public var wasModifiedElsewhere: Bool
  /// Latency or cost in cycles; nil when the PMU gives none.
  public var latency: UInt64?
  /// The data address; nil when it was not sampled.
  public var address: UInt64?
  /// The process whose memory it is; nil for memory that processes share (MAP_SHARED, the kernel's).
  public var pid: Int32?
  /// The thread.
  public var tid: Int32
  /// Whether it is an atomic operation, which reads and writes; IBS calls `lock xadd` a load.
  public var isLocked = false
  /// The innermost function.
  public var function: String

  /// States an access.
  public init(
    isStore: Bool, level: String, wasModifiedElsewhere: Bool, latency: UInt64?, address: UInt64?, pid: Int32?,
    tid: Int32, isLocked: Bool = false, function: String
  ) {
    self.isStore = isStore
    self.level = level
    self.wasModifiedElsewhere = wasModifiedElsewhere
    self.latency = latency
    self.address = address
    self.pid = pid
    self.tid = tid
    self.isLocked = isLocked
    self.function = function
  }
}

/// Adds up sampled accesses by level and by cache line.
public struct MemoryAccessTally: Sendable {
  private struct LevelKey: Hashable {
    var isStore: Bool
    var level: String
  }

  /// One address in two processes is two lines: after a fork each has its own copy.
  private struct LineKey: Hashable {
    var pid: Int32?
    var address: UInt64
  }

  private struct Line {
    var loads = 0
    var stores = 0
    var modified = 0
    var readers: Set<Int32> = []
    var writers: Set<Int32> = []
    var offsets: Set<UInt64> = []
    var functions: [String: Int] = [:]
  }

  private let lineBytes: UInt64
  private var samples = 0
  private var latencies: [LevelKey: [UInt64]] = [:]
  private var counts: [LevelKey: Int] = [:]
  private var lines: [LineKey: Line] = [:]

  /// Begins empty. `lineBytes` is the size of a cache line, a power of two.
  public init(lineBytes: Int = 64) { self.lineBytes = UInt64(max(1, lineBytes)) }

  /// Adds one access.
  public mutating func add(_ access: MemoryAccess) {
    samples += 1
    let key = LevelKey(isStore: access.isStore, level: access.level)
    counts[key, default: 0] += 1
    if let latency = access.latency, latency > 0 { latencies[key, default: []].append(latency) }
    guard let address = access.address, address != 0 else { return }
    let line = LineKey(pid: access.pid, address: address & ~(lineBytes - 1))
    update(&lines[line, default: Line()], access, offset: address & (lineBytes - 1))
  }

  private func update(_ line: inout Line, _ access: MemoryAccess, offset: UInt64) {
    if access.isStore { line.stores += 1 } else { line.loads += 1 }
    if access.isStore || access.isLocked { line.writers.insert(access.tid) }
    if !access.isStore || access.isLocked { line.readers.insert(access.tid) }
    if access.wasModifiedElsewhere { line.modified += 1 }
    line.offsets.insert(offset)
    line.functions[access.function, default: 0] += 1
  }

  /// What all of them say together. `most` bounds the number of shared lines.
  public func result(source: String, most: Int = 20) -> MemoryAccesses {
    let levels = counts.map { key, count in level(key, count) }
    let shared = lines.compactMap { key, line in Self.shared(key.address, line) }
    return MemoryAccesses(
      source: source, samples: samples,
      levels: levels.sorted { ($1.samples, $0.operation, $0.level) < ($0.samples, $1.operation, $1.level) },
      sharedLines: Array(shared.sorted(by: Self.comesFirst).prefix(most)))
  }

  private func level(_ key: LevelKey, _ count: Int) -> MemoryAccesses.Level {
    let sorted = (latencies[key] ?? []).sorted()
    /// Nearest rank: the smallest latency that so many of all do not exceed.
    func percentile(_ share: Double) -> Double? {
      guard !sorted.isEmpty else { return nil }
      let rank = Int(nearest: (share * Double(sorted.count)).rounded(.up))
      return Double(sorted[min(max(rank, 1), sorted.count) - 1])
    }
    return MemoryAccesses.Level(
      operation: key.isStore ? "store" : "load", level: key.level, samples: count, p50: percentile(0.5),
      p90: percentile(0.9), p99: percentile(0.99))
  }

  /// A line counts as shared when more than one thread was seen on it and at least one of them wrote, or when another core
  /// had it modified: the other one's access need not have been sampled.
  private static func shared(_ address: UInt64, _ line: Line) -> MemoryAccesses.SharedLine? {
    let threads = line.readers.union(line.writers)
    guard line.modified > 0 || threads.count > 1 && !line.writers.isEmpty else { return nil }
    let functions = line.functions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return MemoryAccesses.SharedLine(
      address: address, loads: line.loads, stores: line.stores, modifiedElsewhere: line.modified,
      writers: line.writers.count, threads: threads.count, offsets: line.offsets.count,
      functions: functions.prefix(5).map(\.key))
  }

  private static func comesFirst(_ a: MemoryAccesses.SharedLine, _ b: MemoryAccesses.SharedLine) -> Bool {
    let (left, right) = (a.loads + a.stores, b.loads + b.stores)
    return (b.modifiedElsewhere, right, a.address) < (a.modifiedElsewhere, left, b.address)
  }
}
