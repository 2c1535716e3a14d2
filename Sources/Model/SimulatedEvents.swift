/// The caches of the simulated machine. Fixed, so that figures of two machines can be compared.
public struct CacheGeometry: Hashable, Codable, Sendable {
  /// One cache.
  public struct Cache: Hashable, Codable, Sendable {
    /// Its size.
    public var size: Bytes
    /// Ways of associativity.
    public var ways: Int
    /// Size of a line.
    public var line: Bytes

    /// States a cache.
    public init(size: Bytes, ways: Int, line: Bytes) {
      self.size = size
      self.ways = ways
      self.line = line
    }
  }

  /// First-level instruction cache.
  public var i1: Cache
  /// First-level data cache.
  public var d1: Cache
  /// Last-level cache.
  public var ll: Cache

  /// States a geometry.
  public init(i1: Cache, d1: Cache, ll: Cache) {
    self.i1 = i1
    self.d1 = d1
    self.ll = ll
  }
}

/// Memory events of the simulated machine: whole counts of a run, or parts of one for each operation.
public struct EventTotals: Hashable, Codable, Sendable {
  /// Instructions executed.
  public var instructions: Double
  /// Architectural loads: a read-modify-write counts as one load and one store.
  public var loads: Double
  /// Architectural stores.
  public var stores: Double
  /// Loads and stores that missed the first level.
  public var d1Misses: Double
  /// Loads and stores that missed the last level.
  public var llMisses: Double

  /// States counts.
  public init(instructions: Double, loads: Double, stores: Double, d1Misses: Double, llMisses: Double) {
    self.instructions = instructions
    self.loads = loads
    self.stores = stores
    self.d1Misses = d1Misses
    self.llMisses = llMisses
  }
}

/// What the simulated machine counted in one function.
public struct SimulatedFunction: Hashable, Codable, Sendable {
  /// The function.
  public var frame: Frame
  /// Events in its own code, callees left out.
  public var own: EventTotals

  /// States a function's events.
  public init(frame: Frame, own: EventTotals) {
    self.frame = frame
    self.own = own
  }
}

/// Memory events of one cell, counted in a simulated machine. Never mixed with counted ones.
public struct SimulatedEvents: Hashable, Codable, Sendable {
  /// The simulator and its version, e.g. `valgrind-3.19.0 cachegrind (loads), callgrind (stores)`.
  public var tool: String
  /// The caches.
  public var geometry: CacheGeometry
  /// The whole run, start-up included.
  public var total: EventTotals
  /// Of it, inside the allocator.
  public var allocator: EventTotals
  /// For each operation: two run lengths, start-up subtracted; nil when the program counts none.
  public var perOperation: EventTotals?
  /// Of that, inside the allocator.
  public var allocatorPerOperation: EventTotals?
  /// Operations of the longer run; nil when the program counts none.
  public var operations: UInt64?
  /// The functions with most events, largest first.
  public var functions: [SimulatedFunction]
  /// Whether repeated runs counted the same; nil when only one was made.
  public var isDeterministic: Bool?
  /// Doubts and hints, in sentences.
  public var notes: [String]

  /// States what was simulated.
  public init(
    tool: String, geometry: CacheGeometry, total: EventTotals, allocator: EventTotals,
    perOperation: EventTotals?, allocatorPerOperation: EventTotals?, operations: UInt64?,
    functions: [SimulatedFunction], isDeterministic: Bool?, notes: [String]
  ) {
    self.tool = tool
    self.geometry = geometry
    self.total = total
    self.allocator = allocator
    self.perOperation = perOperation
    self.allocatorPerOperation = allocatorPerOperation
    self.operations = operations
    self.functions = functions
    self.isDeterministic = isDeterministic
    self.notes = notes
  }
}

/// The simulation of one cell of a session: what it counted, or why there is nothing.
public struct SimulationRecord: Hashable, Codable, Sendable {
  /// Which cell (`Cell.key`).
  public var cellKey: String
  /// What was counted; nil when it failed.
  public var events: SimulatedEvents?
  /// Why there is nothing.
  public var unavailable: String?

  /// States the simulation of a cell.
  public init(cellKey: String, events: SimulatedEvents?, unavailable: String? = nil) {
    self.cellKey = cellKey
    self.events = events
    self.unavailable = unavailable
  }
}
