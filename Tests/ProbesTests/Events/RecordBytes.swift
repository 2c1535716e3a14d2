@testable import Probes

/// Builds a record's bytes field by field, as linux/perf_event.h lays them out.
struct RecordBytes {
  private var body: [UInt8] = []

  mutating func add<T: FixedWidthInteger>(_ values: T...) {
    for value in values { withUnsafeBytes(of: value.littleEndian) { body += $0 } }
  }

  mutating func add(bytes: [UInt8]) { body += bytes }

  /// A text with its NUL, padded to a multiple of 8 as the kernel does.
  mutating func add(text: String) {
    body += Array(text.utf8) + [0]
    while body.count % 8 != 0 { body.append(0) }
  }

  /// With the header before it.
  func record(type: UInt32, misc: UInt16 = 2) -> [UInt8] {
    var header = RecordBytes()
    header.add(type)
    header.add(misc, UInt16(8 + body.count))
    return header.body + body
  }

  static func sample(_ fill: (inout RecordBytes) -> Void) -> [UInt8] {
    make(type: 9, fill)
  }

  static func make(type: UInt32, misc: UInt16 = 2, _ fill: (inout RecordBytes) -> Void) -> [UInt8] {
    var record = RecordBytes()
    fill(&record)
    return record.record(type: type, misc: misc)
  }
}

/// `perf_mem_data_src` from its fields, each in its own bits.
func memorySource(
  operation: UInt64 = 0x02, level: UInt64 = 0, snoop: UInt64 = 0, lock: UInt64 = 0, tlb: UInt64 = 0,
  number: UInt64 = 0, remote: UInt64 = 0, snoopExtended: UInt64 = 0, hops: UInt64 = 0
) -> UInt64 {
  let fields: [(UInt64, UInt64)] = [
    (operation, 0), (level, 5), (snoop, 19), (lock, 24), (tlb, 26), (number, 33), (remote, 37),
    (snoopExtended, 38), (hops, 43),
  ]
  return fields.reduce(0) { $0 | $1.0 << $1.1 }
}

/// Fixtures of the machines that have a PMU: what the kernel writes there for the events that we open.
enum Fixtures {
  static let memoryFields: SampleFields = [
    .identifier, .instruction, .thread, .time, .address, .cpu, .period, .weight, .dataSource,
  ]

  /// Intel, `mem-loads,ldlat=3`: a load of 231 cycles that another core's modified line in L3 served.
  static let intelLoad = RecordBytes.sample {
    $0.add(UInt64(11), 0x40_1136)  // identifier, ip
    $0.add(Int32(4242), 4243)  // pid, tid
    $0.add(UInt64(1_000_000_007), 0x7f12_3456_7040)  // time, addr
    $0.add(UInt32(3), 0)  // cpu, reserved
    $0.add(UInt64(10_000), 231)  // period, weight
    $0.add(dataSourceL3HitM)
  }

  /// LOAD, HIT|L3 in the older field and L3 in the newer, HITM, lock not available, TLB HIT|L1|L2.
  static let dataSourceL3HitM = memorySource(
    operation: 0x02, level: 0x42, snoop: 0x10, lock: 0x01, tlb: 0x1a, number: 0x3)

  /// AMD, `ibs_op`: a store (no weight), its data address known.
  static let amdStore = RecordBytes.sample {
    $0.add(UInt64(21), 0x55_5555_5555)
    $0.add(Int32(77), 77)
    $0.add(UInt64(2_000_000_000), 0x7fff_0000_1008)
    $0.add(UInt32(1), 0)
    $0.add(UInt64(10_000), 0)
    $0.add(memorySource(operation: 0x04, level: 0x0a, number: 0x1))  // STORE, HIT|L1
  }

  /// AMD, `ibs_op`: an operation that touched no memory.
  static let amdOther = RecordBytes.sample {
    $0.add(UInt64(21), 0x55_5555_5560)
    $0.add(Int32(77), 77)
    $0.add(UInt64(2_000_000_100), 0)
    $0.add(UInt32(1), 0)
    $0.add(UInt64(10_000), 0)
    $0.add(memorySource(operation: 1, level: 1, snoop: 1, lock: 1, tlb: 1))  // everything N/A
  }

  static let faultFields: SampleFields = [
    .identifier, .instruction, .thread, .time, .address, .cpu, .period, .callchain, .userRegisters,
    .userStack,
  ]

  /// A page fault with a chain over kernel and user, three registers and 16 bytes of stack, of which 8 were there.
  static let fault = RecordBytes.sample {
    $0.add(UInt64(31), 0x40_2000)
    $0.add(Int32(9), 10)
    $0.add(UInt64(3_000), 0x7f00_0000_2018)
    $0.add(UInt32(0), 0)
    $0.add(UInt64(1))
    $0.add(UInt64(5), UInt64(bitPattern: -128), 0xffff_ffff_8100_0000)  // nr, PERF_CONTEXT_KERNEL
    $0.add(UInt64(bitPattern: -512), 0x40_2000, 0x40_3000)  // PERF_CONTEXT_USER
    $0.add(UInt64(2), 0x1111, 0x2222, 0x3333)  // abi 64, registers of the mask
    $0.add(UInt64(16))
    $0.add(bytes: Array(1...16))
    $0.add(UInt64(8))
  }

  static let intel = EventLayout(ids: [11, 12], sample: .init(fields: memoryFields))
  static let amd = EventLayout(ids: [21], sample: .init(fields: memoryFields))
  static let faults = EventLayout(
    ids: [31], sample: .init(fields: faultFields, userRegisterMask: 0b1_1000_0001))
}
