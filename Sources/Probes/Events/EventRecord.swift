import Model

/// Registers of the interrupted user code, as perf_event_open(2) dumps them.
public struct UserRegisters: Hashable, Sendable {
  /// Values in the order of the bits of `mask`.
  public var values: [UInt64]
  /// Which registers (`PERF_REG_X86_…`, asm/perf_regs.h).
  public var mask: UInt64

  /// States registers.
  public init(values: [UInt64], mask: UInt64) {
    self.values = values
    self.mask = mask
  }

  /// A register by its bit; nil when it was not dumped.
  public func value(bit: Int) -> UInt64? {
    guard mask & (1 << UInt64(bit)) != 0 else { return nil }
    let place = (mask & ((1 << UInt64(bit)) - 1)).nonzeroBitCount
    return place < values.count ? values[place] : nil
  }
}

/// One sample of an event, decoded from a PERF_RECORD_SAMPLE.
public struct EventSample: Hashable, Sendable {
  /// Which event: an index into the events that were opened.
  public var event: Int
  /// Process.
  public var pid: Int32
  /// Thread.
  public var tid: Int32
  /// CLOCK_MONOTONIC, ns.
  public var time: UInt64
  /// CPU it was taken on.
  public var cpu: UInt32
  /// Instruction pointer.
  public var instruction: UInt64
  /// Data address, for page faults the faulting one; nil when the event has none.
  public var address: UInt64?
  /// Events this sample stands for.
  public var period: UInt64
  /// User part of the kernel's call chain, innermost first; empty when not asked for. The first is the interrupted
  /// user instruction itself, the others are return addresses.
  public var callchain: [UInt64]
  /// Registers of the user code; nil when not asked for or when there is no user code.
  public var registers: UserRegisters?
  /// Bytes of the user stack from the stack pointer upwards.
  public var stack: [UInt8]
  /// Latency or cost in cycles; nil when the event has none.
  public var weight: UInt64?
  /// `perf_mem_data_src`; nil when the event has none.
  public var dataSource: UInt64?
  /// Fields of a tracepoint, as its format file describes them; empty for other events.
  public var raw: [UInt8]

  /// States a sample.
  public init(
    event: Int, pid: Int32, tid: Int32, time: UInt64, cpu: UInt32, instruction: UInt64, address: UInt64?,
    period: UInt64, callchain: [UInt64] = [], registers: UserRegisters? = nil, stack: [UInt8] = [],
    weight: UInt64? = nil, dataSource: UInt64? = nil, raw: [UInt8] = []
  ) {
    self.event = event
    self.pid = pid
    self.tid = tid
    self.time = time
    self.cpu = cpu
    self.instruction = instruction
    self.address = address
    self.period = period
    self.callchain = callchain
    self.registers = registers
    self.stack = stack
    self.weight = weight
    self.dataSource = dataSource
    self.raw = raw
  }
}

/// A file, or anonymous memory, mapped into a process (PERF_RECORD_MMAP2 or /proc/PID/maps).
public struct MappedRegion: Hashable, Sendable {
  /// Process.
  public var pid: Int32
  /// First address.
  public var start: UInt64
  /// Length in bytes.
  public var length: UInt64
  /// Offset in the file.
  public var fileOffset: UInt64
  /// Path, or `[vdso]`, `[heap]`, `//anon`.
  public var path: String
  /// Whether code in it may run.
  public var isExecutable: Bool
  /// Whether processes that have it mapped see each other's writes (MAP_SHARED); false where nobody told.
  public var isShared = false
  /// When it was mapped, CLOCK_MONOTONIC, ns; 0 when it was there before.
  public var time: UInt64

  /// States a mapping.
  public init(
    pid: Int32, start: UInt64, length: UInt64, fileOffset: UInt64, path: String, isExecutable: Bool,
    time: UInt64 = 0
  ) {
    self.pid = pid
    self.start = start
    self.length = length
    self.fileOffset = fileOffset
    self.path = path
    self.isExecutable = isExecutable
    self.time = time
  }
}

/// One record of a ring buffer, decoded.
public enum EventRecord: Hashable, Sendable {
  /// A sample.
  case sample(EventSample)
  /// A mapping was made.
  case mapped(MappedRegion)
  /// A process replaced its image (exec): its mappings are gone.
  case exec(pid: Int32, time: UInt64)
  /// A process was forked: it has its parent's mappings.
  case forked(pid: Int32, parent: Int32, time: UInt64)
  /// So many samples did not fit into the ring.
  case lost(UInt64)
}
