/// What the hardware says of a sampled load or store: where the data came from, and at what cost.
///
/// Source: `union perf_mem_data_src` of linux/perf_event.h. The words are those of `perf mem report`.
public struct MemoryDataSource: Hashable, Sendable {
  /// What the instruction did.
  public enum Operation: String, Hashable, Codable, Sendable, CaseIterable {
    /// A load.
    case load
    /// A store.
    case store
    /// A prefetch.
    case prefetch
    /// Fetching of code.
    case execution
    /// The hardware does not tell.
    case unknown = "N/A"
  }

  /// What served the access.
  public enum Level: String, Hashable, Codable, Sendable, CaseIterable {
    /// First-level cache.
    case l1 = "L1"
    /// Line fill buffer: the line was on its way already.
    case lfb = "LFB/MAB"
    /// Second-level cache.
    case l2 = "L2"
    /// Third-level cache.
    case l3 = "L3"
    /// Fourth-level cache.
    case l4 = "L4"
    /// Some cache that is not named.
    case anyCache = "Any cache"
    /// A cache beside the memory.
    case memorySideCache = "Memory-side cache"
    /// Memory of this node.
    case ram = "RAM"
    /// Memory of another node.
    case remoteRAM = "Remote RAM"
    /// A cache of another node.
    case remoteCache = "Remote cache"
    /// Memory behind CXL.
    case cxl = "CXL"
    /// Persistent memory.
    case pmem = "PMEM"
    /// Input or output.
    case io = "I/O"
    /// Uncached memory.
    case uncached = "Uncached"
    /// The hardware does not tell.
    case unknown = "N/A"
  }

  /// What other caches said.
  public enum Snoop: String, Hashable, Codable, Sendable, CaseIterable {
    /// None was asked.
    case none = "None"
    /// One had the line.
    case hit = "Hit"
    /// None had it.
    case miss = "Miss"
    /// One had it modified: the sign of a line that is written by several threads.
    case hitModified = "HitM"
    /// One had it and passed it on.
    case forward = "Fwd"
    /// It came from a cache beside this one.
    case peer = "Peer"
    /// The hardware does not tell.
    case unknown = "N/A"
  }

  /// Who translated the address.
  public enum TLB: String, Hashable, Codable, Sendable, CaseIterable {
    /// First-level TLB.
    case l1 = "L1 hit"
    /// Second-level TLB.
    case l2 = "L2 hit"
    /// One of the two.
    case anyHit = "L1 or L2 hit"
    /// The hardware walked the page table.
    case walker = "Walker"
    /// The operating system handled a fault.
    case fault = "Fault"
    /// It missed; who served it is not told.
    case miss = "Miss"
    /// The hardware does not tell.
    case unknown = "N/A"
  }

  /// What the instruction did.
  public var operation: Operation
  /// What served it.
  public var level: Level
  /// Whether the access missed the level that is named; nil when the hardware does not tell.
  public var isMiss: Bool?
  /// What other caches said.
  public var snoop: Snoop
  /// Who translated the address.
  public var tlb: TLB
  /// Whether the access was locked; nil when the hardware does not tell.
  public var isLocked: Bool?

  /// Decodes `perf_mem_data_src`.
  public init(_ value: UInt64) {
    let bits = MemoryDataSourceBits(value)
    operation = bits.operation
    level = bits.level
    isMiss = bits.isMiss
    snoop = bits.snoop
    tlb = bits.tlb
    isLocked = bits.isLocked
  }

  /// As `perf mem report` shows the access, e.g. `L1 hit`, `Remote cache miss`.
  public var access: String {
    guard level != .unknown, let isMiss else { return level.rawValue }
    return "\(level.rawValue) \(isMiss ? "miss" : "hit")"
  }
}
