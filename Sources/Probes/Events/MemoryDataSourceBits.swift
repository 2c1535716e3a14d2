/// The bit fields of `perf_mem_data_src`.
struct MemoryDataSourceBits {
  private let value: UInt64

  init(_ value: UInt64) { self.value = value }

  private func field(_ shift: UInt64, _ width: UInt64) -> UInt64 { value >> shift & (1 << width - 1) }

  var operation: MemoryDataSource.Operation {
    let field = field(0, 5)
    if field & 0x02 != 0 { return .load }
    if field & 0x04 != 0 { return .store }
    if field & 0x08 != 0 { return .prefetch }
    return field & 0x10 != 0 ? .execution : .unknown
  }

  private var oldLevel: UInt64 { field(5, 14) }
  private var isRemote: Bool { field(37, 1) != 0 }
  private var hops: UInt64 { field(43, 3) }

  var isMiss: Bool? {
    if oldLevel & 0x04 != 0 { return true }
    return oldLevel & 0x02 != 0 ? false : nil
  }

  /// The newer fields (lvl_num, remote, hops) say more; the older one (lvl) is read where they are empty.
  var level: MemoryDataSource.Level {
    switch field(33, 4) {
    case 0x1: local(.l1)
    case 0x2, 0x5: local(.l2)  // 5: the miss handling buffer of L2
    case 0x3: local(.l3)
    case 0x4: local(.l4)
    case 0x6: .memorySideCache
    case 0x7: local(.l1)  // L0 of cores that have one
    case 0x8: .uncached
    case 0x9: .cxl
    case 0xa: .io
    case 0xb: local(.anyCache)
    case 0xc: .lfb
    case 0xd: isRemote ? .remoteRAM : .ram
    case 0xe: .pmem
    default: levelOfOldBits
    }
  }

  /// A cache, but that of another node when the access left this one. Hop 0 is another core of the same node.
  private func local(_ level: MemoryDataSource.Level) -> MemoryDataSource.Level {
    isRemote && hops != 1 ? .remoteCache : level
  }

  private var levelOfOldBits: MemoryDataSource.Level {
    let levels: [(UInt64, MemoryDataSource.Level)] = [
      (0x08, .l1), (0x10, .lfb), (0x20, .l2), (0x40, .l3), (0x80, .ram), (0x300, .remoteRAM),
      (0xc00, .remoteCache), (0x1000, .io), (0x2000, .uncached),
    ]
    return levels.first { oldLevel & $0.0 != 0 }?.1 ?? .unknown
  }

  var snoop: MemoryDataSource.Snoop {
    let field = field(19, 5)
    if field & 0x10 != 0 { return .hitModified }
    let extended = self.field(38, 2)
    if extended & 0x1 != 0 { return .forward }
    if extended & 0x2 != 0 { return .peer }
    if field & 0x04 != 0 { return .hit }
    if field & 0x08 != 0 { return .miss }
    return field & 0x02 != 0 ? MemoryDataSource.Snoop.none : .unknown
  }

  var tlb: MemoryDataSource.TLB {
    let field = field(26, 7)
    if field & 0x40 != 0 { return .fault }
    let isHit = field & 0x02 != 0
    switch (field & 0x08 != 0, field & 0x10 != 0) {
    case (true, false) where isHit: return .l1
    case (false, true) where isHit: return .l2
    case (true, true) where isHit: return .anyHit
    default: break
    }
    if field & 0x20 != 0 { return .walker }
    if field & 0x04 != 0 { return .miss }
    return isHit ? .anyHit : .unknown
  }

  var isLocked: Bool? {
    let field = field(24, 2)
    if field & 0x02 != 0 { return true }
    return field & 0x01 != 0 ? nil : false
  }
}
