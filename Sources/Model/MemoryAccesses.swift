/// Where sampled loads and stores were served, as `perf mem` tells it, and which cache lines threads share, as
/// `perf c2c` tells it. Needs a hardware PMU that samples memory accesses.
public struct MemoryAccesses: Hashable, Codable, Sendable {
  /// Samples that one level of the memory system served.
  public struct Level: Hashable, Codable, Sendable {
    /// `load` or `store`.
    public var operation: String
    /// The level in words, e.g. `L1 hit`, `LFB hit`, `RAM hit`, `remote RAM hit`.
    public var level: String
    /// How many samples.
    public var samples: Int
    /// Percentiles of the latency (weight) in cycles: 50th, 90th, 99th; nil where the PMU gives none.
    public var p50: Double?
    /// 90th percentile, cycles.
    public var p90: Double?
    /// 99th percentile, cycles.
    public var p99: Double?

    /// States a level.
    public init(
      operation: String, level: String, samples: Int, p50: Double? = nil, p90: Double? = nil,
      p99: Double? = nil
    ) {
      self.operation = operation
      self.level = level
      self.samples = samples
      self.p50 = p50
      self.p90 = p90
      self.p99 = p99
    }
  }

  /// One cache line that more than one thread accessed, at least one of them writing.
  public struct SharedLine: Hashable, Codable, Sendable {
    /// Address of the line.
    public var address: UInt64
    /// Sampled loads.
    public var loads: Int
    /// Sampled stores.
    public var stores: Int
    /// Loads that found the line modified in another core's cache.
    public var modifiedElsewhere: Int
    /// Threads that stored to it.
    public var writers: Int
    /// Threads that accessed it.
    public var threads: Int
    /// Distinct offsets within the line that were accessed; more than one suggests false sharing.
    public var offsets: Int
    /// The functions that accessed it, most samples first.
    public var functions: [String]

    /// States a shared line.
    public init(
      address: UInt64, loads: Int, stores: Int, modifiedElsewhere: Int, writers: Int, threads: Int,
      offsets: Int, functions: [String]
    ) {
      self.address = address
      self.loads = loads
      self.stores = stores
      self.modifiedElsewhere = modifiedElsewhere
      self.writers = writers
      self.threads = threads
      self.offsets = offsets
      self.functions = functions
    }
  }

  /// The events that were sampled, e.g. `mem-loads, mem-stores (Intel)` or `ibs_op (AMD)`.
  public var source: String
  /// Samples that were loads or stores.
  public var samples: Int
  /// Levels, most samples first.
  public var levels: [Level]
  /// Shared lines, most modified-elsewhere loads first.
  public var sharedLines: [SharedLine]

  /// States what was sampled.
  public init(source: String, samples: Int, levels: [Level], sharedLines: [SharedLine]) {
    self.source = source
    self.samples = samples
    self.levels = levels
    self.sharedLines = sharedLines
  }
}
