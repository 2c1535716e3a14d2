import Glibc

/// How much memory an ordinary user may lock for rings, as the kernel counts it.
///
/// Each user has `perf_event_mlock_kb` for every CPU that is online, and each process RLIMIT_MEMLOCK beyond that; a ring takes its
/// pages and one more. The first rings take from the whole budget, so that large ones leave nothing to later CPUs. Source:
/// perf_mmap in kernel/events/core.c, Documentation/admin-guide/sysctl/kernel.rst.
struct LockBudget {
  /// Pages in all; nil where there is no limit.
  var pages: Int?

  init(pages: Int?) { self.pages = pages }

  /// By the kernel's rule.
  init(mlockKiB: Int, memlock: UInt64, cpus: Int, pageBytes: Int, isExempt: Bool) {
    guard !isExempt, memlock != UInt64.max else { return }
    let own = max(0, mlockKiB).multipliedReportingOverflow(by: 1024)
    let shared = (own.partialValue / pageBytes).multipliedReportingOverflow(by: max(1, cpus))
    let extra = Int(clamping: memlock / UInt64(clamping: max(1, pageBytes)))
    let sum = shared.partialValue.addingReportingOverflow(extra)
    pages = own.overflow || shared.overflow || sum.overflow ? nil : sum.partialValue
  }

  /// This user's, as far as others of its processes have not taken from it.
  static func read(permissions: EventPermissions, cpus: Int, pageBytes: Int) -> LockBudget {
    var limit = rlimit()
    // 8 is RLIMIT_MEMLOCK.
    guard getrlimit(__rlimit_resource_t(8), &limit) == 0 else { return LockBudget(pages: nil) }
    let kibibytes = FolderListing.line("/proc/sys/kernel/perf_event_mlock_kb").flatMap { Int($0) }
    // The kernel limits nobody when perf_event_paranoid is -1, and nobody with CAP_IPC_LOCK.
    return LockBudget(
      mlockKiB: kibibytes ?? 516, memlock: limit.rlim_cur == .max ? .max : UInt64(limit.rlim_cur), cpus: cpus,
      pageBytes: pageBytes, isExempt: permissions.mayLockMemory || (permissions.paranoid ?? 2) < 0)
  }
}

/// How large the rings are: one size for all CPUs, so that none goes without.
enum RingSizing {
  /// All rings together: the least of these and a hundredth of memory, or on a machine of many CPUs gigabytes were pinned.
  static let most = 256 << 20

  /// The size to begin with: a power of two of pages, at least one page.
  static func planned(wanted: Int, cpus: Int, budget: LockBudget, memory: Int, pageBytes: Int) -> Int {
    let cpus = max(1, cpus)
    let bound = max(pageBytes, min(most, memory / 100) / cpus)
    // A ring takes a page more than its data.
    let share = budget.pages.map {
      max(1, $0 / cpus - 1).multipliedReportingOverflow(by: pageBytes).partialValue
    }
    var bytes = pageBytes
    while bytes < min(wanted, bound), 2 * bytes <= min(bound, share ?? .max) { bytes *= 2 }
    return bytes
  }

  /// Maps a ring for each CPU, all of one size: when one is refused for want of memory, all are dropped and tried at half of it.
  ///
  /// `map` gives nil for a CPU that went offline. Throws: the errno of what is refused at one page as well, and any other.
  static func settle<Ring>(
    from bytes: Int, cpus: [Int], pageBytes: Int, map: (_ cpu: Int, _ bytes: Int) throws(RingRefusal) -> Ring?
  ) throws(RingRefusal) -> (rings: [Ring], bytes: Int) {
    var bytes = bytes
    while true {
      var rings: [Ring] = []
      do throws(RingRefusal) {
        for cpu in cpus { if let ring = try map(cpu, bytes) { rings.append(ring) } }
        return (rings, bytes)
      } catch {
        guard error.isForWantOfMemory, bytes > pageBytes else { throw error }
        bytes /= 2
      }
    }
  }
}

/// Why a ring could not be had.
struct RingRefusal: Error {
  /// Of perf_event_open(2) or mmap(2).
  var errno: Int32
  var step: EventRefusal.Step

  var isForWantOfMemory: Bool { step == .ring && (errno == EPERM || errno == ENOMEM) }
}
