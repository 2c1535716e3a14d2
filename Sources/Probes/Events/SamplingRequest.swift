import Model

/// How much of the stack a sample carries.
public enum StackMode: Hashable, Sendable {
  /// Nothing but the instruction.
  case none
  /// The kernel follows frame pointers: cheap, but only code built with them is seen whole.
  case framePointers
  /// User registers and so many bytes of the stack, unwound afterwards; a multiple of 8, at most 65,528.
  ///
  /// Deep stacks need more: of python's 71 % reach their root with 2 KiB and 89 % with 8 KiB, of gcc's 88 and 98 %.
  case dwarf(bytes: Int = 2048)
  /// Both: for Go, whose goroutines' stacks are not where the stack pointer of its runtime points.
  case dwarfAndFramePointers(bytes: Int = 2048)
}

/// Loads and stores, sampled by the hardware.
public struct MemorySampling: Hashable, Sendable {
  /// Whether loads are sampled.
  public var loads: Bool
  /// Whether stores are sampled.
  public var stores: Bool
  /// Loads that took fewer cycles are left out (Intel's `ldlat`). 3, the least, leaves out none: the shares of the
  /// levels are those of all loads then.
  public var latencyThreshold: Int
  /// Events from one sample to the next; AMD's is rounded to a multiple of 16.
  public var period: UInt64

  /// Asks for loads and stores.
  public init(loads: Bool = true, stores: Bool = true, latencyThreshold: Int = 3, period: UInt64 = 10_000) {
    self.loads = loads
    self.stores = stores
    self.latencyThreshold = latencyThreshold
    self.period = period
  }
}

/// What is to be sampled, and how.
public struct SamplingRequest: Hashable, Sendable {
  /// A kind of event.
  public enum Kind: Hashable, Sendable {
    /// Pages that become resident, with the address: every period-th. Works everywhere.
    case pageFaults(period: UInt64)
    /// Loads and stores; needs a PMU of Intel's or AMD's.
    case memory(MemorySampling)
    /// Calls of mmap, munmap, mremap, madvise and brk; needs root and tracefs.
    case addressSpace
  }

  /// The kinds of events.
  public var kinds: [Kind]
  /// Stacks of page faults, loads and stores. Calls that change the address space carry none.
  public var stacks: StackMode
  /// Size of the ring of each CPU: rounded up to a power of two of pages, less where the kernel refuses.
  public var ringBytes: Bytes
  /// Size of the temporary file; samples beyond it are counted as lost.
  public var spoolLimit: Bytes
  /// Whether mappings of data are recorded beside those of code.
  public var dataMappings: Bool

  /// Asks for events.
  public init(
    kinds: [Kind], stacks: StackMode = .dwarf(), ringBytes: Bytes = Bytes(1 << 20),
    spoolLimit: Bytes = Bytes(2 << 30), dataMappings: Bool = false
  ) {
    self.kinds = kinds
    self.stacks = stacks
    self.ringBytes = ringBytes
    self.spoolLimit = spoolLimit
    self.dataMappings = dataMappings
  }
}

/// One event that was opened; samples name it by its index.
public struct SampledEvent: Hashable, Sendable {
  /// What its samples are.
  public enum Kind: Hashable, Sendable {
    /// Page faults.
    case pageFaults
    /// Loads, all of them.
    case loads
    /// Stores, all of them.
    case stores
    /// Any operation (AMD): those whose data source says load or store are of use.
    case operations
    /// Calls of one system call, entering or leaving it.
    case systemCall(TracepointFormat)
  }

  /// The event as perf(1) names it, e.g. `page-faults`, `cpu/mem-loads,ldlat=3/`.
  public var name: String
  /// What its samples are.
  public var kind: Kind
  /// Events from one sample to the next; 0 where each sample tells its own.
  public var period: UInt64
  /// Whether events inside the kernel are left out, because an ordinary user may not see them.
  public var excludesKernel: Bool
  /// `precise_ip` that the kernel granted, 0 to 3.
  public var precision: Int
  /// Samples that found no room in a ring; nil where the kernel does not count them by event (before 6.0).
  public var lost: UInt64?
}
