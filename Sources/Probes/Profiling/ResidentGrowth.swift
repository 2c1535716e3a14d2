/// Which stacks made pages resident, and what became of those pages.
///
/// Fed in order of time with page faults and with ranges that were given back. Each sampled page stands for
/// `period` pages.
///
/// Where returns are seen, a page that faults again without one belongs to the stack that faulted last on it: the first
/// fault of a page that is read before it is written only maps the kernel's page of zeros, which is not resident. Where
/// they are not seen, a page that faults again is taken to have been given back before, and counts again; how many
/// such faults there are, and how many of them may have been the first write after a read, is kept beside.
public struct ResidentGrowth: Sendable {
  /// Pages of one stack.
  public struct Pages: Hashable, Sendable {
    /// Became resident.
    public var faulted = 0
    /// Of them, given back later by munmap, madvise, brk or exec.
    public var returned = 0
    /// Still there at the end, as far as changes of the address space were seen.
    public var kept: Int { faulted - returned }
  }

  /// A page that is resident.
  private struct Owner {
    var stack: Int
    /// Faults on it since it was last known to be gone.
    var faults = 1
    /// When it faulted, on a counter of faults and forks.
    var time: Int
  }

  /// Pages by stack, in whatever numbering of stacks the caller has.
  public private(set) var stacks: [Int: Pages] = [:]
  private let period: Int
  private let pageShift: UInt64
  private let seesReturns: Bool
  private var owners: [Int32: [UInt64: Owner]] = [:]
  private var forks: [Int32: Int] = [:]
  private var time = 0
  /// Pages that faulted again and counted again, without a return that was seen.
  public private(set) var again = 0
  /// Of them, at most so many had only been read before: then they count once too often.
  public private(set) var perhapsRead = 0

  /// Begins without pages. `pageBytes` is a power of two; `seesReturns` tells whether all ranges that are given back are
  /// reported.
  public init(period: Int, pageBytes: Int = 4096, seesReturns: Bool = true) {
    self.period = max(1, period)
    self.seesReturns = seesReturns
    pageShift = UInt64(max(1, pageBytes).trailingZeroBitCount)
  }

  /// A page became resident.
  public mutating func fault(pid: Int32, address: UInt64, stack: Int) {
    time += 1
    let page = address >> pageShift
    let before = owners[pid]?[page]
    owners[pid, default: [:]][page] = Owner(stack: stack, faults: (before?.faults ?? 0) + 1, time: time)
    guard let before else {
      stacks[stack, default: Pages()].faulted += period
      return
    }
    // After a fork the first write copies the page, which was resident already.
    if seesReturns || before.time < forks[pid, default: 0] {
      guard before.stack != stack else { return }
      stacks[before.stack, default: Pages()].faulted -= period
    } else {
      stacks[before.stack, default: Pages()].returned += period
      again += period
      // A read and a write make two faults: at most every second one is a read.
      if before.faults % 2 == 1 { perhapsRead += period }
    }
    stacks[stack, default: Pages()].faulted += period
  }

  /// A process made another, which shares its pages until one of them writes.
  public mutating func forked(parent: Int32) {
    time += 1
    forks[parent] = time
  }

  /// All pages that lie wholly in a range were given back.
  public mutating func discard(pid: Int32, start: UInt64, length: UInt64) {
    guard var pages = owners[pid], !pages.isEmpty else { return }
    let mask: UInt64 = (1 << pageShift) - 1
    let (end, overflowed) = start.addingReportingOverflow(length)
    let last = (overflowed ? UInt64.max : end) >> pageShift
    let first = (start >> pageShift) + (start & mask == 0 ? 0 : 1)
    guard first < last else { return }
    // A range may be far larger than what was ever touched in it.
    let gone =
      last - first > UInt64(pages.count)
      ? pages.keys.filter { $0 >= first && $0 < last } : (first..<last).filter { pages[$0] != nil }
    for page in gone {
      guard let owner = pages.removeValue(forKey: page) else { continue }
      stacks[owner.stack, default: Pages()].returned += period
    }
    owners[pid] = pages
  }

  /// Pages were moved to other addresses (mremap) and keep their owners.
  public mutating func move(pid: Int32, from: UInt64, to: UInt64, length: UInt64) {
    let (first, count) = (from >> pageShift, length >> pageShift)
    guard let pages = owners[pid], from != to else { return }
    let moved = pages.filter { $0.key >= first && $0.key - first < count }
    discard(pid: pid, start: to, length: length)
    for (page, owner) in moved {
      owners[pid]?[page] = nil
      owners[pid]?[page - first + (to >> pageShift)] = owner
    }
  }

  /// The process replaced its image: nothing of the old one is resident any more.
  public mutating func replaced(pid: Int32) {
    for owner in (owners[pid] ?? [:]).values { stacks[owner.stack, default: Pages()].returned += period }
    owners[pid] = nil
    forks[pid] = nil
  }
}
