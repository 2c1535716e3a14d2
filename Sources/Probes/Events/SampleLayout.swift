import CLinux

/// Which fields the samples of an event have: the attributes it was opened with, as far as they shape its records.
public struct SampleLayout: Hashable, Sendable {
  /// The fields (`PERF_SAMPLE_…`).
  public struct Fields: OptionSet, Hashable, Sendable {
    /// The bits of `perf_event_attr.sample_type`.
    public var rawValue: UInt64

    /// States fields by their bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    private init(_ flag: perf_event_sample_format) { rawValue = UInt64(flag.rawValue) }

    /// Instruction pointer.
    public static let instruction = Fields(PERF_SAMPLE_IP)
    /// Process and thread.
    public static let thread = Fields(PERF_SAMPLE_TID)
    /// Time stamp.
    public static let time = Fields(PERF_SAMPLE_TIME)
    /// Data address.
    public static let address = Fields(PERF_SAMPLE_ADDR)
    /// Counts of the event or its group.
    public static let read = Fields(PERF_SAMPLE_READ)
    /// The kernel's call chain.
    public static let callchain = Fields(PERF_SAMPLE_CALLCHAIN)
    /// The event's id, among the other fields.
    public static let id = Fields(PERF_SAMPLE_ID)
    /// CPU.
    public static let cpu = Fields(PERF_SAMPLE_CPU)
    /// Events that the sample stands for.
    public static let period = Fields(PERF_SAMPLE_PERIOD)
    /// The id of the inherited copy of the event.
    public static let stream = Fields(PERF_SAMPLE_STREAM_ID)
    /// Fields of a tracepoint, or what the hardware wrote.
    public static let raw = Fields(PERF_SAMPLE_RAW)
    /// Branches taken before.
    public static let branches = Fields(PERF_SAMPLE_BRANCH_STACK)
    /// User registers.
    public static let userRegisters = Fields(PERF_SAMPLE_REGS_USER)
    /// User stack.
    public static let userStack = Fields(PERF_SAMPLE_STACK_USER)
    /// Latency in one number.
    public static let weight = Fields(PERF_SAMPLE_WEIGHT)
    /// What served the access.
    public static let dataSource = Fields(PERF_SAMPLE_DATA_SRC)
    /// The event's id at a fixed place: first in samples, last in other records.
    public static let identifier = Fields(PERF_SAMPLE_IDENTIFIER)
    /// Flags of a memory transaction.
    public static let transaction = Fields(PERF_SAMPLE_TRANSACTION)
    /// Registers at the interrupt.
    public static let interruptRegisters = Fields(PERF_SAMPLE_REGS_INTR)
    /// Physical data address.
    public static let physicalAddress = Fields(PERF_SAMPLE_PHYS_ADDR)
    /// A piece of the AUX area.
    public static let aux = Fields(PERF_SAMPLE_AUX)
    /// Control group.
    public static let cgroup = Fields(PERF_SAMPLE_CGROUP)
    /// Size of the data's page.
    public static let dataPageSize = Fields(PERF_SAMPLE_DATA_PAGE_SIZE)
    /// Size of the code's page.
    public static let codePageSize = Fields(PERF_SAMPLE_CODE_PAGE_SIZE)
    /// Latencies in three numbers.
    public static let weights = Fields(PERF_SAMPLE_WEIGHT_STRUCT)
  }

  /// The fields.
  public var fields: Fields
  /// `PERF_FORMAT_…` of the counts in a sample.
  public var readFormat: UInt64
  /// Which user registers are dumped.
  public var userRegisterMask: UInt64
  /// Which registers of the interrupt are dumped.
  public var interruptRegisterMask: UInt64
  /// `PERF_SAMPLE_BRANCH_…`: two of its bits add fields.
  public var branchType: UInt64
  /// Events that a sample stands for when it has no field for them.
  public var period: UInt64

  /// States a layout.
  public init(
    fields: Fields, readFormat: UInt64 = 0, userRegisterMask: UInt64 = 0, interruptRegisterMask: UInt64 = 0,
    branchType: UInt64 = 0, period: UInt64 = 1
  ) {
    self.fields = fields
    self.readFormat = readFormat
    self.userRegisterMask = userRegisterMask
    self.interruptRegisterMask = interruptRegisterMask
    self.branchType = branchType
    self.period = period
  }

  /// Fields of 64 bits at the beginning of a sample, in their order.
  private static let head: [Fields] = [
    .identifier, .instruction, .thread, .time, .address, .id, .stream, .cpu, .period,
  ]
  /// Fields of 64 bits at the end of any other record (`sample_id_all`), in their order.
  private static let tail: [Fields] = [.thread, .time, .id, .stream, .cpu, .identifier]

  /// Where a field lies in a sample, from its header's first byte; nil when it has none at a fixed place.
  func offsetInSample(_ field: Fields) -> Int? {
    guard fields.contains(field), let place = SampleLayout.head.firstIndex(of: field) else { return nil }
    return 8 + 8 * SampleLayout.head[..<place].count { fields.contains($0) }
  }

  /// Where a field lies in any other record, from the record's end backwards to the field's first byte.
  func distanceFromEnd(_ field: Fields) -> Int? {
    guard fields.contains(field), let place = SampleLayout.tail.firstIndex(of: field) else { return nil }
    return 8 * SampleLayout.tail[place...].count { fields.contains($0) }
  }

  /// Bytes at the end of records other than samples.
  var trailerBytes: Int { 8 * SampleLayout.tail.count { fields.contains($0) } }
}
