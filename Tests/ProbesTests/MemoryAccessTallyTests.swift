import Model
import Probes
import Testing

private func access(
  store: Bool = false, level: String = "L1 hit", modified: Bool = false, latency: UInt64? = 5,
  address: UInt64? = 0x1000, tid: Int32 = 1, function: String = "work"
) -> MemoryAccess {
  MemoryAccess(
    isStore: store, level: level, wasModifiedElsewhere: modified, latency: latency, address: address,
    tid: tid,
    function: function)
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
