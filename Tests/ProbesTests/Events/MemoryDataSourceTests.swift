import Testing

@testable import Probes

@Test func `the newer level field is read first, the older one where it is empty`() {
  #expect(MemoryDataSource(memorySource(level: 0x22, number: 0x3)).level == .l3)
  let older: [(UInt64, MemoryDataSource.Level)] = [
    (0x0a, .l1), (0x12, .lfb), (0x22, .l2), (0x42, .l3), (0x82, .ram), (0x102, .remoteRAM),
    (0x202, .remoteRAM), (0x402, .remoteCache), (0x802, .remoteCache), (0x1002, .io), (0x2002, .uncached),
    (0x01, .unknown), (0, .unknown),
  ]
  for (bits, level) in older {
    #expect(MemoryDataSource(memorySource(level: bits)).level == level)
    #expect(MemoryDataSource(memorySource(level: bits, number: 0xf)).level == level)
  }
  let newer: [(UInt64, MemoryDataSource.Level)] = [
    (0x1, .l1), (0x2, .l2), (0x3, .l3), (0x4, .l4), (0x6, .memorySideCache), (0x8, .uncached), (0x9, .cxl),
    (0xa, .io), (0xb, .anyCache), (0xc, .lfb), (0xd, .ram), (0xe, .pmem),
  ]
  for (number, level) in newer { #expect(MemoryDataSource(memorySource(number: number)).level == level) }
}

@Test func `remote caches and remote memory are told apart from near ones`() {
  #expect(MemoryDataSource(memorySource(number: 0xd, remote: 1)).level == .remoteRAM)
  #expect(MemoryDataSource(memorySource(number: 0x3, remote: 1)).level == .remoteCache)
  #expect(MemoryDataSource(memorySource(number: 0xb, remote: 1, hops: 2)).level == .remoteCache)
  #expect(MemoryDataSource(memorySource(number: 0xb, remote: 1, hops: 1)).level == .anyCache)
}

@Test func `an access is worded as perf mem does`() {
  #expect(MemoryDataSource(memorySource(level: 0x0a, number: 0x1)).access == "L1 hit")
  #expect(MemoryDataSource(memorySource(level: 0x0c, number: 0x1)).access == "L1 miss")
  #expect(MemoryDataSource(memorySource(level: 0x82, number: 0xd, remote: 1)).access == "Remote RAM hit")
  #expect(MemoryDataSource(memorySource(number: 0xd)).access == "RAM")
  #expect(MemoryDataSource(memorySource(level: 0x01, number: 0xf)).access == "N/A")
}

@Test func `snoops, translations and locks are decoded`() {
  let snoops: [(UInt64, UInt64, MemoryDataSource.Snoop)] = [
    (0x01, 0, .unknown), (0x02, 0, .none), (0x04, 0, .hit), (0x08, 0, .miss), (0x10, 0, .hitModified),
    (0x14, 0, .hitModified), (0, 1, .forward), (0, 2, .peer), (0x10, 2, .hitModified),
  ]
  for (old, new, expected) in snoops {
    #expect(MemoryDataSource(memorySource(snoop: old, snoopExtended: new)).snoop == expected)
  }
  let translations: [(UInt64, MemoryDataSource.TLB)] = [
    (0x01, .unknown), (0x0a, .l1), (0x12, .l2), (0x1a, .anyHit), (0x14, .miss), (0x24, .walker),
    (0x22, .walker), (0x44, .fault),
  ]
  for (bits, expected) in translations {
    #expect(MemoryDataSource(memorySource(tlb: bits)).tlb == expected)
  }
  #expect(MemoryDataSource(memorySource(lock: 2)).isLocked == true)
  #expect(MemoryDataSource(memorySource(lock: 0)).isLocked == false)
  #expect(MemoryDataSource(memorySource(lock: 1)).isLocked == nil)
}

@Test func `every operation is told`() {
  let operations: [(UInt64, MemoryDataSource.Operation)] = [
    (0x01, .unknown), (0x02, .load), (0x04, .store), (0x08, .prefetch), (0x10, .execution), (0, .unknown),
  ]
  for (bits, expected) in operations {
    #expect(MemoryDataSource(memorySource(operation: bits)).operation == expected)
  }
}
