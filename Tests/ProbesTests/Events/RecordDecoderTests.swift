import Testing

@testable import Probes

typealias SampleFields = SampleLayout.Fields

private func sample(_ bytes: [UInt8], _ decoder: RecordDecoder) throws -> EventSample {
  guard case .sample(let sample)? = try decoder.decode(bytes) else { throw NoSample() }
  return sample
}

private struct NoSample: Error {}

@Test func `a load of Intel's has address, latency and data source`() throws {
  let decoder = RecordDecoder([Fixtures.faults, Fixtures.intel])
  #expect(
    try sample(Fixtures.intelLoad, decoder)
      == EventSample(
        event: 1, pid: 4242, tid: 4243, time: 1_000_000_007, cpu: 3, instruction: 0x40_1136,
        address: 0x7f12_3456_7040, period: 10_000, weight: 231, dataSource: Fixtures.dataSourceL3HitM))
}

@Test func `an operation of AMD's without memory has no address instead of 0`() throws {
  let decoder = RecordDecoder([Fixtures.amd, Fixtures.faults])
  let store = try sample(Fixtures.amdStore, decoder)
  #expect(store.address == 0x7fff_0000_1008)
  #expect(store.dataSource.map { MemoryDataSource($0).operation } == .store)
  let other = try sample(Fixtures.amdOther, decoder)
  #expect(other.address == nil)
  #expect(other.dataSource.map { MemoryDataSource($0).operation } == .unknown)
}

@Test func `a page fault has the user's part of the chain, registers, and the stack that was there`() throws {
  let sample = try sample(Fixtures.fault, RecordDecoder([Fixtures.intel, Fixtures.faults]))
  #expect(sample.callchain == [0x40_2000, 0x40_3000])
  #expect(sample.registers?.value(bit: 0) == 0x1111)
  #expect(sample.registers?.value(bit: 7) == 0x2222)
  #expect(sample.registers?.value(bit: 8) == 0x3333)
  #expect(sample.stack == [1, 2, 3, 4, 5, 6, 7, 8])
}

@Test func `a kernel thread's sample has neither registers nor stack`() throws {
  let bytes = RecordBytes.sample {
    $0.add(UInt64(31), 0xffff_ffff_8100_0000)
    $0.add(Int32(2), 2)
    $0.add(UInt64(5), 0)
    $0.add(UInt32(0), 0)
    $0.add(UInt64(1), 0, 0, 0)  // period, empty chain, abi none, no stack
  }
  let sample = try sample(bytes, RecordDecoder([Fixtures.faults]))
  #expect(sample.registers == nil)
  #expect(sample.stack.isEmpty && sample.callchain.isEmpty)
}

/// {mem-loads-aux, mem-loads} with counts of the whole group in each sample.
@Test func `counts of a group of any size are stepped over`() throws {
  let fields: SampleFields = [
    .identifier, .instruction, .thread, .time, .address, .read, .weights, .dataSource,
  ]
  for (format, words) in [(UInt64(0b01111), 2), (0b11111, 3), (0b01100, 2), (0b01000, 1)] as [(UInt64, Int)] {
    let bytes = RecordBytes.sample {
      $0.add(UInt64(12), 0x1000)
      $0.add(Int32(1), 1)
      $0.add(UInt64(50), 0x2000)
      $0.add(UInt64(2))  // members
      if format & 0b11 != 0 { $0.add(UInt64(1_000), 900) }  // enabled, running
      for member in 0..<2 * words { $0.add(UInt64(member)) }
      $0.add(UInt32(88))  // latency, then two more of WEIGHT_STRUCT
      $0.add(UInt16(7), 9)
      $0.add(Fixtures.dataSourceL3HitM)
    }
    let layout = EventLayout(ids: [12], sample: .init(fields: fields, readFormat: format))
    let sample = try sample(bytes, RecordDecoder([layout]))
    #expect(sample.weight == 88)
    #expect(sample.dataSource == Fixtures.dataSourceL3HitM)
  }
}

@Test func `every field that can stand in a sample is stepped over in its order`() throws {
  let all = SampleFields(rawValue: (1 << 25) - 1).subtracting(.weight)
  let bytes = RecordBytes.sample {
    $0.add(UInt64(1), 0x1000)  // identifier, ip
    $0.add(Int32(5), 6)
    $0.add(UInt64(7), 0x2000, 1, 99)  // time, addr, id, stream id
    $0.add(UInt32(3), 0)
    $0.add(UInt64(13))  // period
    $0.add(UInt64(500))  // read: one value
    $0.add(UInt64(1), 0x1000)  // chain, of the user because the sample is
    $0.add(UInt32(4))
    $0.add(bytes: [1, 2, 3, 4])  // raw
    $0.add(UInt64(1), 0, 0xa, 0xb, 0xc, 0xd)  // branches: nr, index, one of three words, its counters
    $0.add(UInt64(2), 0x77)  // user registers
    $0.add(UInt64(8), 0x99, 8)  // user stack
    $0.add(UInt64(42), 0x02, 0)  // weights, data source, transaction
    $0.add(UInt64(2), 0x55)  // interrupt registers
    $0.add(UInt64(1), 2, 3, 4)  // physical address, cgroup, page sizes
    $0.add(UInt64(8), 0)  // aux
  }
  let layout = SampleLayout(
    fields: all, userRegisterMask: 1, interruptRegisterMask: 2, branchType: 1 << 17 | 1 << 19)
  let sample = try sample(bytes, RecordDecoder([EventLayout(ids: [1], sample: layout)]))
  #expect(sample.raw == [1, 2, 3, 4])
  #expect(sample.callchain == [0x1000])
  #expect(sample.registers?.values == [0x77])
  #expect(sample.stack.first == 0x99)
  #expect(sample.weight == 42 && sample.dataSource == 2 && sample.period == 13)
}

@Suite struct SideRecordTests {
  private let decoder = RecordDecoder([
    Fixtures.faults, EventLayout(ids: [41], sample: .init(fields: [.identifier, .thread, .time, .cpu])),
  ])

  /// pid, tid, time, cpu, identifier.
  private func trailer(_ record: inout RecordBytes, id: UInt64 = 41) {
    record.add(Int32(5), 6)
    record.add(UInt64(777))
    record.add(UInt32(1), 0)
    record.add(id)
  }

  @Test func `a mapping has its file and whether code runs in it`() throws {
    for (protection, isExecutable) in [(UInt32(5), true), (3, false)] {
      let bytes = RecordBytes.make(type: 10) {
        $0.add(Int32(5), 6)
        $0.add(UInt64(0x7f00_0000_0000), 0x1000, 0x2000)
        $0.add(UInt32(8), 1)
        $0.add(UInt64(123), 0)
        $0.add(protection, 2)
        $0.add(text: "/usr/lib/a b.so")
        trailer(&$0)
      }
      let expected = MappedRegion(
        pid: 5, start: 0x7f00_0000_0000, length: 0x1000, fileOffset: 0x2000, path: "/usr/lib/a b.so",
        isExecutable: isExecutable, time: 777)
      #expect(try decoder.decode(bytes) == .mapped(expected))
    }
  }

  @Test func `only a change of name by exec is told`() throws {
    func comm(misc: UInt16) -> [UInt8] {
      RecordBytes.make(type: 3, misc: misc) {
        $0.add(Int32(5), 5)
        $0.add(text: "true")
        trailer(&$0)
      }
    }
    #expect(try decoder.decode(comm(misc: 1 << 13)) == .exec(pid: 5, time: 777))
    #expect(try decoder.decode(comm(misc: 0)) == nil)
  }

  @Test func `a new process is told, a new thread is not`() throws {
    func fork(pid: Int32, parent: Int32) -> [UInt8] {
      RecordBytes.make(type: 7) {
        $0.add(pid, parent, 8, 5)
        $0.add(UInt64(700))
        trailer(&$0)
      }
    }
    #expect(try decoder.decode(fork(pid: 8, parent: 5)) == .forked(pid: 8, parent: 5, time: 700))
    #expect(try decoder.decode(fork(pid: 5, parent: 5)) == nil)
  }

  @Test func `both kinds of losses are counted`() throws {
    let lost = RecordBytes.make(type: 2) {
      $0.add(UInt64(41), 17)
      trailer(&$0)
    }
    let lostSamples = RecordBytes.make(type: 13) {
      $0.add(UInt64(4))
      trailer(&$0)
    }
    #expect(try decoder.decode(lost) == .lost(17))
    #expect(try decoder.decode(lostSamples) == .lost(4))
  }

  @Test func `records of kinds that nobody asks for are passed over`() throws {
    for type in [UInt32(4), 5, 6, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 99] {
      #expect(try decoder.decode(RecordBytes.make(type: type) { trailer(&$0) }) == nil)
    }
  }

  @Test func `a record of an event that was not opened is damage`() throws {
    #expect(throws: RecordDamage.unknownEvent(id: 4)) {
      try decoder.decode(RecordBytes.make(type: 2) { trailer(&$0, id: 4) })
    }
  }
}
