import Model
import Testing

@testable import Probes

private func access(
  store: Bool = false, level: String = "L1 hit", modified: Bool = false, latency: UInt64? = 5,
  address: UInt64? = 0x1000, pid: Int32? = 9, tid: Int32 = 1, locked: Bool = false, function: String = "work"
) -> MemoryAccess {
  MemoryAccess(
    isStore: store, level: level, wasModifiedElsewhere: modified, latency: latency, address: address,
    pid: pid, tid: tid, isLocked: locked, function: function)
}

@Test func `levels are told with their latency percentiles, loads and stores apart`() {
  var tally = MemoryAccessTally()
  for latency in 1...100 { tally.add(access(latency: UInt64(latency))) }
  tally.add(access(level: "RAM hit", latency: 400))
  tally.add(access(store: true, latency: nil))
  let result = tally.result(source: "recorded")
  #expect(result.samples == 102)
  #expect(
    result.levels.first
      == .init(operation: "load", level: "L1 hit", samples: 100, p50: 50, p90: 90, p99: 99))
  #expect(
    result.levels.contains(
      .init(operation: "load", level: "RAM hit", samples: 1, p50: 400, p90: 400, p99: 400)))
  #expect(result.levels.contains(.init(operation: "store", level: "L1 hit", samples: 1)))
}

@Test func `a line is shared when two threads are on it and one of them writes`() {
  var tally = MemoryAccessTally()
  // Two threads write to neighbouring words of one line: false sharing.
  for _ in 0..<3 { tally.add(access(store: true, address: 0x1000, tid: 1, function: "left")) }
  for _ in 0..<5 { tally.add(access(modified: true, address: 0x1020, tid: 2, function: "right")) }
  tally.add(access(store: true, address: 0x1020, tid: 2, function: "right"))
  // Read by both, written by none; and written by one alone: neither is shared.
  for tid in 1...2 { tally.add(access(address: 0x2000, tid: Int32(tid))) }
  tally.add(access(store: true, address: 0x3000, tid: 1))
  let lines = tally.result(source: "recorded").sharedLines
  #expect(
    lines == [
      .init(
        address: 0x1000, loads: 5, stores: 4, modifiedElsewhere: 5, writers: 2, threads: 2, offsets: 2,
        functions: ["right", "left"])
    ])
}

@Test func `children of a fork share nothing, however their copies are called`() {
  var tally = MemoryAccessTally()
  for pid: Int32 in 1...4 {
    for _ in 0..<50 { tally.add(access(store: true, pid: pid, tid: pid)) }
    tally.add(access(pid: pid, tid: pid))
  }
  #expect(tally.result(source: "replayed").sharedLines.isEmpty)
}

@Test func `one line is found by loads and stores, by stores, by atomics, and in shared memory of processes`()
{
  let accesses: [[MemoryAccess]] = [
    [access(tid: 1), access(store: true, tid: 2)],
    [access(store: true, tid: 1), access(store: true, tid: 2)],
    // IBS reports an atomic addition as a load.
    [access(tid: 1, locked: true), access(tid: 2, locked: true)],
    [access(store: true, pid: nil, tid: 1), access(pid: nil, tid: 2)],
    // The writer was never sampled.
    [access(modified: true, tid: 1)],
  ]
  for accesses in accesses {
    var tally = MemoryAccessTally()
    accesses.forEach { tally.add($0) }
    #expect(tally.result(source: "replayed").sharedLines.count == 1, "\(accesses)")
  }
}

@Test func `memory is shared where a mapping says so, until another one takes its place`() {
  func region(_ start: UInt64, _ length: UInt64, shared: Bool, pid: Int32 = 1) -> EventRecord {
    var region = MappedRegion(
      pid: pid, start: start, length: length, fileOffset: 0, path: "/dev/shm/x", isExecutable: false)
    region.isShared = shared
    return .mapped(region)
  }
  var shared = SharedMemory()
  shared.take(region(0x1000, 0x2000, shared: true))
  #expect(shared.holds(0x1000, pid: 1) && shared.holds(0x2FFF, pid: 1) && !shared.holds(0x3000, pid: 1))
  #expect(!shared.holds(0x1000, pid: 2) && shared.holds(.max, pid: 2))
  shared.take(.forked(pid: 2, parent: 1, time: 0))
  shared.take(region(0x2000, 0x1000, shared: false))
  #expect(!shared.holds(0x1000, pid: 1) && shared.holds(0x1000, pid: 2))
  shared.take(.exec(pid: 2, time: 0))
  #expect(!shared.holds(0x1000, pid: 2))
  shared.take(region(.max - 10, .max, shared: true))
  #expect(!shared.holds(5, pid: 1))
}

@Test func `lines with most loads of modified data come first, and their number is bounded`() {
  var tally = MemoryAccessTally()
  for line in 0..<30 {
    let address = UInt64(line) * 64 + 0x10000
    tally.add(access(store: true, address: address, tid: 1))
    for _ in 0...line { tally.add(access(modified: true, address: address, tid: 2)) }
  }
  let lines = tally.result(source: "recorded", most: 10).sharedLines
  #expect(lines.count == 10)
  #expect(lines.map(\.modifiedElsewhere) == (21...30).reversed())
}

@Test func `accesses without an address count for their level only`() {
  var tally = MemoryAccessTally()
  tally.add(access(address: nil, tid: 1))
  tally.add(access(store: true, address: 0, tid: 2))
  let result = tally.result(source: "recorded")
  #expect(result.samples == 2)
  #expect(result.sharedLines.isEmpty)
}
