import Probes
import Testing

private let page: UInt64 = 4096

@Test func `pages belong to the stack that faulted on them`() {
  var growth = ResidentGrowth(period: 1)
  for index in 0..<10 { growth.fault(pid: 1, address: UInt64(index) * page + 17, stack: index < 7 ? 0 : 1) }
  #expect(growth.stacks[0]?.faulted == 7)
  #expect(growth.stacks[1]?.faulted == 3)
  #expect(growth.stacks[0]?.kept == 7)
}

@Test func `a second fault on a page moves it and does not count it twice`() {
  var growth = ResidentGrowth(period: 1)
  growth.fault(pid: 1, address: page, stack: 0)
  growth.fault(pid: 1, address: page + 8, stack: 0)
  growth.fault(pid: 1, address: page + 8, stack: 1)
  #expect(growth.stacks[0]?.faulted == 0)
  #expect(growth.stacks[1]?.faulted == 1)
}

@Test func `only whole pages in a discarded range are returned`() {
  var growth = ResidentGrowth(period: 1)
  for index in 0..<4 { growth.fault(pid: 1, address: UInt64(index) * page, stack: 0) }
  growth.discard(pid: 1, start: page / 2, length: 2 * page)
  #expect(growth.stacks[0]?.returned == 1)
  growth.discard(pid: 1, start: 0, length: .max)
  #expect(growth.stacks[0]?.returned == 4)
  #expect(growth.stacks[0]?.kept == 0)
}

@Test func `a page that comes back after it was returned counts again`() {
  var growth = ResidentGrowth(period: 1)
  for _ in 0..<3 {
    growth.fault(pid: 1, address: 5 * page, stack: 0)
    growth.discard(pid: 1, start: 5 * page, length: page)
  }
  #expect(growth.stacks[0]?.faulted == 3)
  #expect(growth.stacks[0]?.returned == 3)
}

@Test func `processes do not return each other's pages, and exec returns all of its own`() {
  var growth = ResidentGrowth(period: 1)
  growth.fault(pid: 1, address: page, stack: 0)
  growth.fault(pid: 2, address: page, stack: 1)
  growth.discard(pid: 2, start: 0, length: 10 * page)
  #expect(growth.stacks[0]?.kept == 1)
  #expect(growth.stacks[1]?.kept == 0)
  growth.replaced(pid: 1)
  #expect(growth.stacks[0]?.kept == 0)
}

@Test func `pages that move keep their owners`() {
  var growth = ResidentGrowth(period: 1)
  for index in 0..<4 { growth.fault(pid: 1, address: UInt64(index) * page, stack: 0) }
  growth.fault(pid: 1, address: 101 * page, stack: 1)
  growth.move(pid: 1, from: 0, to: 100 * page, length: 4 * page)
  #expect(growth.stacks[0]?.kept == 4)
  #expect(growth.stacks[1]?.kept == 0)
  growth.discard(pid: 1, start: 0, length: 10 * page)
  #expect(growth.stacks[0]?.kept == 4)
  growth.discard(pid: 1, start: 100 * page, length: 3 * page)
  #expect(growth.stacks[0]?.kept == 1)
}

@Test func `a sampled page stands for as many as the period says`() {
  var growth = ResidentGrowth(period: 100)
  for index in 0..<50 { growth.fault(pid: 1, address: UInt64(index * 100) * page, stack: 0) }
  growth.discard(pid: 1, start: 0, length: 2500 * page)
  #expect(growth.stacks[0]?.faulted == 5000)
  #expect(growth.stacks[0]?.returned == 2500)
}

@Test func `every page that came in is kept or returned, whatever happens in between`() {
  var state: UInt64 = 7
  func random(_ bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }
  var growth = ResidentGrowth(period: 1)
  var model: [UInt64: Bool] = [:]
  for _ in 0..<20_000 {
    if random(10) < 9 {
      let at = random(500)
      growth.fault(pid: 1, address: at * page, stack: Int(random(5)))
      model[at] = true
    } else {
      let (first, count) = (random(500), random(100))
      growth.discard(pid: 1, start: first * page, length: count * page)
      for at in first..<first + count { model[at] = nil }
    }
  }
  #expect(growth.stacks.values.reduce(0) { $0 + $1.kept } == model.count)
  #expect(growth.stacks.values.allSatisfy { $0.returned >= 0 && $0.kept >= 0 })
}

@Test func `without a view of returns every fault counts, and what may be too much is bounded`() {
  var growth = ResidentGrowth(period: 1, seesReturns: false)
  // 40 rounds over 8 pages at the same addresses.
  for _ in 0..<40 { for index in 0..<8 { growth.fault(pid: 1, address: UInt64(index) * page, stack: 0) } }
  #expect(growth.stacks[0]?.faulted == 320)
  #expect(growth.stacks[0]?.returned == 312)
  #expect(growth.stacks[0]?.kept == 8)
  #expect(growth.again == 312)
  // A read and a write are two faults of one page: at most half of all.
  #expect(growth.perhapsRead == 160)
}

@Test func `with and without a view of returns pages that go and come back count the same`() {
  var seeing = ResidentGrowth(period: 1)
  var blind = ResidentGrowth(period: 1, seesReturns: false)
  for round in 0..<10 {
    for index in 0..<16 {
      seeing.fault(pid: 1, address: UInt64(index) * page, stack: round % 2)
      blind.fault(pid: 1, address: UInt64(index) * page, stack: round % 2)
    }
    if round < 9 { seeing.discard(pid: 1, start: 0, length: 16 * page) }
  }
  #expect(seeing.stacks == blind.stacks)
}

@Test func `the first write after a fork copies a page that was resident already`() {
  var growth = ResidentGrowth(period: 1, seesReturns: false)
  growth.fault(pid: 1, address: page, stack: 0)
  growth.forked(parent: 1)
  growth.fault(pid: 1, address: page, stack: 1)
  #expect(growth.stacks[0]?.faulted == 0)
  #expect(growth.stacks[1]?.faulted == 1)
  #expect(growth.again == 0)
  // In the child the copy is a page of its own.
  growth.fault(pid: 2, address: page, stack: 2)
  #expect(growth.stacks[2]?.faulted == 1)
}
