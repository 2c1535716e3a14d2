/// The processes of one trial: those that matter one by one, all others summed by kind.
public struct ProcessTable: Hashable, Codable, Sendable {
  /// The root, then the largest ones, in the order in which they began.
  public var records: [ProcessRecord]
  /// All others; empty for all but large trees.
  public var others: [ProcessKind]

  /// So many processes are kept one by one: half of them for their memory, half for their CPU time.
  public static let limit = 200
  /// So many program images of one process are kept: a shell may call exec without end.
  static let imageLimit = 32

  /// States what is known.
  public init(records: [ProcessRecord] = [], others: [ProcessKind] = []) {
    self.records = records
    self.others = others
  }

  /// How many processes there were.
  public var count: Int { others.reduce(records.count) { $0 + $1.count } }

  /// Whether nothing is known of any process.
  public var isEmpty: Bool { records.isEmpty && others.isEmpty }

  /// The process with the highest peak; nil where none was read.
  public var largest: ProcessRecord? {
    records.filter { $0.peakResident != nil }.max { left, right in
      (left.peakResident ?? Bytes(0)) < (right.peakResident ?? Bytes(0))
    }
  }

  /// All processes by kind, the largest first.
  public var kinds: [ProcessKind] { ProcessKind.joined(records.map { ProcessKind($0) } + others) }

  /// The same with at most `limit` processes one by one: the root, the one with the highest peak, those with the
  /// largest share of the tree's memory over time, and those with the most CPU time. A build of 100,000 processes is kept in some hundred kilobytes.
  public func compacted() -> ProcessTable {
    var whole = self
    for index in whole.records.indices where whole.records[index].images.count > Self.imageLimit {
      let images = whole.records[index].images
      whole.records[index].images = [images[0]] + images.suffix(Self.imageLimit - 1)
    }
    for index in whole.records.indices where whole.records[index].residentShare?.isFinite == false {
      whole.records[index].residentShare = nil  // JSON has no word for it
    }
    guard whole.records.count > Self.limit else { return whole }
    let half = Self.limit / 2
    let byMemory = whole.records.indices.sorted { left, right in
      let (before, after) = (whole.records[left].memory, whole.records[right].memory)
      return before == after ? left < right : before > after
    }
    let highest = whole.records.indices.max { left, right in
      (whole.records[left].peakResident?.count ?? 0) < (whole.records[right].peakResident?.count ?? 0)
    }
    var kept: Set<Int> = Set([0, highest ?? 0] + byMemory.prefix(half - 2))
    let byCPU = whole.records.indices.sorted { left, right in
      let (before, after) = (whole.records[left].cpu?.count ?? 0, whole.records[right].cpu?.count ?? 0)
      return before == after ? left < right : before > after
    }
    for index in byCPU where kept.count < Self.limit { kept.insert(index) }
    let rest = whole.records.indices.filter { !kept.contains($0) }.map { ProcessKind(whole.records[$0]) }
    return ProcessTable(
      records: kept.sorted().map { whole.records[$0] }, others: ProcessKind.joined(rest + others))
  }
}

extension ProcessRecord {
  /// How it ended; nil when nobody saw it.
  public var outcome: Outcome? {
    guard let status else { return nil }
    let signal = status & 0x7F
    if signal != 0 { return .signal(signal) }
    let code = status >> 8 & 0xFF
    return code == 0 ? .ok : .exit(code)
  }

  /// By what it is large: its share over time, and where there is no curve its peak.
  fileprivate var memory: (Double, Int64) { (residentShare ?? 0, peakResident?.count ?? 0) }
}

extension Trial {
  /// Its processes, with those that are kept in sum only.
  public var processTable: ProcessTable { ProcessTable(records: processes, others: otherProcesses) }
}
