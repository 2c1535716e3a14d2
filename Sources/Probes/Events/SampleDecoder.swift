import CLinux

/// Decodes PERF_RECORD_SAMPLE: its fields stand in a fixed order, each only where it was asked for.
struct SampleDecoder {
  let layout: SampleLayout
  let event: Int

  /// Decodes a sample with its header.
  func decode(_ bytes: UnsafeRawBufferPointer, _ header: RecordHeader) throws(RecordDamage) -> EventSample {
    var cursor = ByteCursor(bytes, type: header.type, from: RecordHeader.bytes, to: header.size)
    var sample = try head(&cursor)
    if has(.read) { try skipCounts(&cursor) }
    if has(.callchain) { sample.callchain = try callchain(&cursor, misc: header.misc) }
    if has(.raw) {
      let size: UInt32 = try cursor.number("raw size")
      sample.raw = Array(try cursor.take(UInt64(size), "raw data"))
    }
    if has(.branches) { try skipBranches(&cursor) }
    if has(.userRegisters) {
      sample.registers = try registers(&cursor, mask: layout.userRegisterMask, "user registers")
    }
    if has(.userStack) { sample.stack = try stack(&cursor) }
    try decodeMemory(&cursor, into: &sample)
    try skipRest(&cursor)
    return sample
  }

  private func has(_ field: SampleLayout.Fields) -> Bool { layout.fields.contains(field) }

  private func optional(
    _ field: SampleLayout.Fields, _ name: String, _ cursor: inout ByteCursor
  ) throws(RecordDamage) -> UInt64? {
    has(field) ? try cursor.number(name) : nil
  }

  private func head(_ cursor: inout ByteCursor) throws(RecordDamage) -> EventSample {
    _ = try optional(.identifier, "identifier", &cursor)
    let instruction = try optional(.instruction, "instruction", &cursor) ?? 0
    let pid: Int32 = has(.thread) ? try cursor.number("pid") : 0
    let tid: Int32 = has(.thread) ? try cursor.number("tid") : 0
    let time = try optional(.time, "time", &cursor) ?? 0
    let address = try optional(.address, "address", &cursor)
    _ = try optional(.id, "id", &cursor)
    _ = try optional(.stream, "stream id", &cursor)
    let cpu = UInt32(truncatingIfNeeded: try optional(.cpu, "cpu", &cursor) ?? 0)
    let period = try optional(.period, "period", &cursor) ?? layout.period
    return EventSample(
      event: event, pid: pid, tid: tid, time: time, cpu: cpu, instruction: instruction, address: address,
      period: period)
  }

  /// `read_format` of one event or of a group: its size depends on the flags and on the group.
  private func skipCounts(_ cursor: inout ByteCursor) throws(RecordDamage) {
    func flag(_ format: perf_event_read_format) -> UInt64 {
      layout.readFormat & UInt64(format.rawValue) != 0 ? 1 : 0
    }
    let times = flag(PERF_FORMAT_TOTAL_TIME_ENABLED) + flag(PERF_FORMAT_TOTAL_TIME_RUNNING)
    let each = 1 + flag(PERF_FORMAT_ID) + flag(PERF_FORMAT_LOST)
    let isGroup = flag(PERF_FORMAT_GROUP) == 1
    let members: UInt64 = isGroup ? try cursor.number("group size") : 1
    guard members <= UInt64(cursor.remaining) else {
      throw .truncated(field: "group counts", type: PERF_RECORD_SAMPLE.rawValue)
    }
    _ = try cursor.words(times + members * each, "counts")
  }

  /// Marks in the chain (`PERF_CONTEXT_…`) say whose addresses follow.
  private func callchain(_ cursor: inout ByteCursor, misc: UInt16) throws(RecordDamage) -> [UInt64] {
    let count: UInt64 = try cursor.number("call chain length")
    var isUser =
      UInt32(clamping: misc) & UInt32(PERF_RECORD_MISC_CPUMODE_MASK) == UInt32(PERF_RECORD_MISC_USER)
    var result: [UInt64] = []
    for word in try cursor.words(count, "call chain").words {
      if word >= SampleDecoder.firstMark {
        isUser = word == SampleDecoder.userMark
      } else if isUser {
        result.append(word)
      }
    }
    return result
  }

  private static let firstMark = UInt64(bitPattern: -4095)  // PERF_CONTEXT_MAX
  private static let userMark = UInt64(bitPattern: -512)  // PERF_CONTEXT_USER

  private func skipBranches(_ cursor: inout ByteCursor) throws(RecordDamage) {
    let count: UInt64 = try cursor.number("branch count")
    if layout.branchType & (1 << 17) != 0 { _ = try cursor.words(1, "branch index") }  // …_HW_INDEX
    guard count <= UInt64(cursor.remaining) else {
      throw .truncated(field: "branches", type: PERF_RECORD_SAMPLE.rawValue)
    }
    _ = try cursor.words(count * 3, "branches")
    if layout.branchType & (1 << 19) != 0 { _ = try cursor.words(count, "branch counters") }  // …_COUNTERS
  }

  /// nil when the interrupted task had no user code: the dump has no registers then.
  private func registers(
    _ cursor: inout ByteCursor, mask: UInt64, _ field: String
  ) throws(RecordDamage) -> UserRegisters? {
    let abi: UInt64 = try cursor.number(field)
    guard abi != UInt64(PERF_SAMPLE_REGS_ABI_NONE.rawValue) else { return nil }
    let values = try cursor.words(UInt64(mask.nonzeroBitCount), field).words
    return UserRegisters(values: values, mask: mask)
  }

  /// The dump has always the size that was asked for, or none; how much of it was there stands behind it.
  private func stack(_ cursor: inout ByteCursor) throws(RecordDamage) -> [UInt8] {
    let size: UInt64 = try cursor.number("stack size")
    guard size > 0 else { return [] }
    let dump = try cursor.take(size, "stack")
    let copied: UInt64 = try cursor.number("copied stack size")
    return Array(dump.prefix(Int(clamping: min(copied, size))))
  }

  private func decodeMemory(
    _ cursor: inout ByteCursor, into sample: inout EventSample
  ) throws(RecordDamage) {
    if let weight = try optional(.weight, "weight", &cursor) {
      sample.weight = weight
    } else if let weights = try optional(.weights, "weights", &cursor) {
      sample.weight = weights & 0xffff_ffff  // var1_dw: the latency on every machine that has the field
    }
    guard let source = try optional(.dataSource, "data source", &cursor) else { return }
    sample.dataSource = source
    if sample.address == 0 { sample.address = nil }  // the hardware knew none
  }

  private func skipRest(_ cursor: inout ByteCursor) throws(RecordDamage) {
    _ = try optional(.transaction, "transaction", &cursor)
    if has(.interruptRegisters) {
      _ = try registers(&cursor, mask: layout.interruptRegisterMask, "interrupt registers")
    }
    _ = try optional(.physicalAddress, "physical address", &cursor)
    _ = try optional(.cgroup, "cgroup", &cursor)
    _ = try optional(.dataPageSize, "data page size", &cursor)
    _ = try optional(.codePageSize, "code page size", &cursor)
    guard has(.aux) else { return }
    let size: UInt64 = try cursor.number("aux size")
    _ = try cursor.take(size, "aux data")
  }
}
