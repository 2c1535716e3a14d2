/// Which stacks made pages resident, and what became of those pages.
///
/// Fed in order of time with page faults and with ranges that were given back. Each sampled page stands for
/// `period` pages. A page belongs to the stack that faulted last on it: the first fault of a page that is read before
/// it is written only maps the kernel's page of zeros, which is not resident.
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

  /// Pages by stack, in whatever numbering of stacks the caller has.
  public private(set) var stacks: [Int: Pages] = [:]
  private let period: Int
  private let pageShift: UInt64
  private var owners: [Int32: [UInt64: Int]] = [:]

  /// Begins without pages. `pageBytes` is a power of two.
  public init(period: Int, pageBytes: Int = 4096) {
    self.period = max(1, period)
    pageShift = UInt64(max(1, pageBytes).trailingZeroBitCount)
  }

  /// A page became resident.
  public mutating func fault(pid: Int32, address: UInt64, stack: Int) {
    let page = address >> pageShift
    if let before = owners[pid, default: [:]].updateValue(stack, forKey: page) {
      guard before != stack else { return }
      stacks[before, default: Pages()].faulted -= period
    }
    stacks[stack, default: Pages()].faulted += period
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
      guard let stack = pages.removeValue(forKey: page) else { continue }
      stacks[stack, default: Pages()].returned += period
    }
    owners[pid] = pages
  }

  /// Pages were moved to other addresses (mremap) and keep their owners.
  public mutating func move(pid: Int32, from: UInt64, to: UInt64, length: UInt64) {
    let (first, count) = (from >> pageShift, length >> pageShift)
    guard let pages = owners[pid], from != to else { return }
    let moved = pages.filter { $0.key >= first && $0.key - first < count }
    discard(pid: pid, start: to, length: length)
    for (page, stack) in moved {
      owners[pid]?[page] = nil
      owners[pid]?[page - first + (to >> pageShift)] = stack
    }
  }

  /// The process replaced its image: nothing of the old one is resident any more.
  public mutating func replaced(pid: Int32) {
    for (_, stack) in owners[pid] ?? [:] { stacks[stack, default: Pages()].returned += period }
    owners[pid] = nil
  }
}
