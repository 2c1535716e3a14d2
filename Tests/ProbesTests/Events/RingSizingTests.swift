import Glibc
import Testing

@testable import Probes

/// The kernel's rule for locked memory (perf_mmap), with any number of CPUs.
private final class LockModel {
  private var user = 0
  private var pinned = 0
  private let limit: Int
  private let memlock: Int

  init(mlockKiB: Int, memlockKiB: Int, cpus: Int) {
    limit = mlockKiB / 4 * cpus
    memlock = memlockKiB / 4
  }

  /// A ring, which gives back what it took.
  final class Ring {
    let bytes: Int
    private let free: () -> Void

    init(bytes: Int, free: @escaping () -> Void) {
      self.bytes = bytes
      self.free = free
    }

    deinit { free() }
  }

  func map(_ bytes: Int) throws(RingRefusal) -> Ring? {
    let pages = bytes / 4096 + 1
    let extra = max(0, user + pages - max(limit, user))
    guard pinned + extra <= memlock else { throw RingRefusal(errno: EPERM, step: .ring) }
    let own = pages - extra
    user += own
    pinned += extra
    return Ring(bytes: bytes) { [self] in
      user -= own
      pinned -= extra
    }
  }
}

@Suite struct RingSizingTests {
  @Test(arguments: [1, 2, 4, 16, 64, 128], [0, 64, 8192])
  func `every CPU has a ring, all of one size`(cpus: Int, memlockKiB: Int) throws {
    let model = LockModel(mlockKiB: 516, memlockKiB: memlockKiB, cpus: cpus)
    let budget = LockBudget(
      mlockKiB: 516, memlock: UInt64(memlockKiB) * 1024, cpus: cpus, pageBytes: 4096, isExempt: false)
    let first = RingSizing.planned(
      wanted: 1 << 20, cpus: cpus, budget: budget, memory: 64 << 30, pageBytes: 4096)
    var attempts = 0
    let settled = try RingSizing.settle(from: first, cpus: Array(0..<cpus), pageBytes: 4096) {
      (_, bytes) throws(RingRefusal) in
      attempts += 1
      return try model.map(bytes)
    }
    #expect(settled.rings.count == cpus)
    #expect(settled.rings.allSatisfy { $0.bytes == settled.bytes })
    // What was planned was had at once, and it is no less than half of what the budget holds.
    #expect(attempts == cpus && settled.bytes == first)
    #expect(settled.bytes >= 512 << 10)
  }

  @Test(arguments: [2, 16, 128])
  func `where others have taken from the budget, all rings get smaller together`(cpus: Int) throws {
    let model = LockModel(mlockKiB: 516, memlockKiB: 0, cpus: cpus)
    let others = try (0..<cpus).map { _ in try model.map(256 << 10) }
    let settled = try RingSizing.settle(from: 512 << 10, cpus: Array(0..<cpus), pageBytes: 4096) {
      (_, bytes) throws(RingRefusal) in try model.map(bytes)
    }
    #expect(settled.rings.count == cpus && settled.bytes == 128 << 10)
    withExtendedLifetime(others) {}
  }

  @Test func `where nothing is left there is an error, and nothing stays taken`() throws {
    let model = LockModel(mlockKiB: 4, memlockKiB: 0, cpus: 4)
    let error = #expect(throws: RingRefusal.self) {
      try RingSizing.settle(from: 1 << 20, cpus: [0, 1, 2, 3], pageBytes: 4096) {
        (_, bytes) throws(RingRefusal) in try model.map(bytes)
      }
    }
    #expect(error?.errno == EPERM)
    #expect(try LockModel(mlockKiB: 8, memlockKiB: 0, cpus: 1).map(4096) != nil)
  }

  @Test func `without a limit a bound in all holds`() {
    let free = LockBudget(pages: nil)
    func size(_ cpus: Int, _ memory: Int, wanted: Int = 64 << 20) -> Int {
      RingSizing.planned(wanted: wanted, cpus: cpus, budget: free, memory: memory, pageBytes: 4096)
    }
    #expect(size(4, 64 << 30) == 64 << 20)
    #expect(size(128, 512 << 30) == 2 << 20)
    #expect(size(128, 4 << 30) * 128 <= (4 << 30) / 100)
    #expect(size(1024, 1 << 20) == 4096)
    #expect(size(2, 64 << 30, wanted: 1 << 20) == 1 << 20)
    #expect(LockBudget(mlockKiB: 516, memlock: .max, cpus: 4, pageBytes: 4096, isExempt: false).pages == nil)
    #expect(
      LockBudget(mlockKiB: .max, memlock: .max - 1, cpus: .max, pageBytes: 4096, isExempt: false).pages == nil
    )
  }
}
