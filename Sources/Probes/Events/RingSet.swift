import CLinux
import Glibc
import Model

/// The rings of all CPUs for one process, each owned by an event that records mappings, execs and forks.
struct RingSet {
  private(set) var rings: [EventRing] = []
  private(set) var ids: [UInt64] = []
  private(set) var failures: [SamplingFailure] = []
  private(set) var notes: [String] = []
  private(set) var layout = SampleLayout(fields: [])
  /// Events of further threads of the process.
  private var others: [OwnedDescriptor] = []
  private let wanted: Int
  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Prepares rings of at least so many bytes.
  init(bytes: Bytes) {
    var size = RingSet.pageBytes
    while size < min(bytes.count, 1 << 30) { size *= 2 }
    wanted = size
  }

  /// Bytes in a ring at which the reader is woken.
  var wakeupBytes: Int { wanted / 4 }

  /// Opens a ring on every CPU for the threads of a process.
  mutating func open(tids: [Int32], dataMappings: Bool, onExec: Bool) {
    guard let first = tids.first else { return }
    var attributes = EventPlan.side(dataMappings: dataMappings, wakeupBytes: wakeupBytes, onExec: onExec)
    for cpu in CPUList.online() {
      switch EventOpener.open(&attributes, tid: first, cpu: cpu) {
      case .failure(let refused) where refused.errno == ENODEV: continue  // it went offline
      case .failure(let refused):
        failures.append(.opening("the process", errno: refused.errno))
        return
      case .success(let owner):
        guard let ring = map(owner, cpu: cpu) else { return }
        rings.append(ring)
        remember(owner)
        for tid in tids.dropFirst() { join(ring, tid: tid, &attributes) }
      }
    }
    layout = EventPlan.layout(attributes)
    note()
  }

  /// Halves the size until it fits into the limit of locked memory.
  private mutating func map(_ owner: OwnedDescriptor, cpu: Int) -> EventRing? {
    // What was refused on one CPU is refused on the next.
    var bytes = rings.last?.bytes ?? wanted
    while true {
      switch EventRing.map(owner: owner, cpu: cpu, bytes: bytes) {
      case .success(let ring): return ring
      case .failure(let refused):
        let mayShrink = refused.errno == EPERM || refused.errno == ENOMEM
        guard mayShrink, bytes > RingSet.pageBytes else {
          failures.append(.ring(cpu: cpu, bytes: bytes, errno: refused.errno))
          return nil
        }
        bytes /= 2
      }
    }
  }

  private mutating func remember(_ event: OwnedDescriptor) {
    var id: UInt64 = 0
    if hs_perf_id(event.rawValue, &id) == 0 { ids.append(id) }
  }

  private mutating func join(_ ring: EventRing, tid: Int32, _ attributes: inout perf_event_attr) {
    switch EventOpener.open(&attributes, tid: tid, cpu: ring.cpu) {
    case .failure(let refused):
      let known = failures.contains { $0.errno == refused.errno }
      if refused.errno != ESRCH && !known { failures.append(.opening("a thread", errno: refused.errno)) }
    case .success(let event):
      guard hs_perf_set_output(event.rawValue, ring.owner.rawValue) == 0 else { return }
      remember(event)
      others.append(event)
    }
  }

  private mutating func note() {
    guard let least = rings.map(\.bytes).min(), least < wanted else { return }
    notes.append(
      "rings of \(least / 1024) KiB instead of \(wanted / 1024) KiB for each CPU: "
        + "more than the limit of locked memory allows; raise kernel.perf_event_mlock_kb or ulimit -l "
        + "if samples are lost")
  }
}
