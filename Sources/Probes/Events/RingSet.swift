import CLinux
import Glibc
import Model

/// The rings of all CPUs for one process, each owned by an event that records mappings, execs and forks.
struct RingSet {
  private(set) var rings: [EventRing] = []
  private(set) var ids: [UInt64] = []
  /// Why there are none; nil when there are.
  private(set) var obstacle: EventObstacle?
  /// Threads that are not seen.
  private(set) var missing: [Unavailability] = []
  private(set) var notes: [String] = []
  private(set) var layout = SampleLayout(fields: [])
  /// Events of further threads of the process.
  private var others: [OwnedDescriptor] = []
  private let asked: Int
  /// Bytes of each ring.
  private var size: Int
  private let cpus: [Int]
  private let permissions: EventPermissions
  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Prepares rings of at least so many bytes, or of as many as all CPUs can have.
  init(bytes: Bytes, permissions: EventPermissions) {
    self.permissions = permissions
    cpus = CPUList.online()
    asked = Int(clamping: min(bytes.count, 1 << 30))
    let page = RingSet.pageBytes
    let memory = Int(clamping: sysconf(Int32(_SC_PHYS_PAGES))).multipliedReportingOverflow(by: page)
      .partialValue
    size = RingSizing.planned(
      wanted: asked, cpus: cpus.count,
      budget: .read(permissions: permissions, cpus: cpus.count, pageBytes: page), memory: memory,
      pageBytes: page)
  }

  /// Bytes in a ring at which the reader is woken: early, also in a large ring, because a program that does nothing
  /// but fault fills the rest while the first part is copied.
  var wakeupBytes: Int { RingSet.wakeup(size) }

  private static func wakeup(_ size: Int) -> Int { min(size / 4, 1 << 20) }

  /// Maps the rings that a profile would have, on every CPU for the calling thread, since the limit on locked memory shows
  /// only there.
  ///
  /// Throws: why there can be none.
  static func attempt(permissions: EventPermissions) throws(EventObstacle) {
    var rings = RingSet(bytes: SamplingRequest(kinds: []).ringBytes, permissions: permissions)
    rings.open(tids: [0], dataMappings: false, onExec: true)
    if let obstacle = rings.obstacle { throw obstacle }
  }

  /// Opens a ring on every CPU for the threads of a process.
  mutating func open(tids: [Int32], dataMappings: Bool, onExec: Bool) {
    guard let first = tids.first else { return }
    var side = EventPlan.side(dataMappings: dataMappings, wakeupBytes: wakeupBytes, onExec: onExec)
    do throws(RingRefusal) {
      (rings, size) = try RingSizing.settle(from: size, cpus: cpus, pageBytes: RingSet.pageBytes) {
        (cpu, bytes) throws(RingRefusal) in
        // The mark at which the reader is woken belongs to the event: a smaller ring needs another one.
        side = EventPlan.side(dataMappings: dataMappings, wakeupBytes: RingSet.wakeup(bytes), onExec: onExec)
        guard let owner = try RingSet.owner(&side, tid: first, cpu: cpu) else { return nil }
        switch EventRing.map(owner: owner, cpu: cpu, bytes: bytes) {
        case .success(let ring): return ring
        case .failure(let refused): throw RingRefusal(errno: refused.errno, step: .ring)
        }
      }
    } catch {
      obstacle = EventRefusal.explain(error.errno, at: error.step, permissions: permissions, cpus: cpus.count)
      return
    }
    for ring in rings {
      remember(ring.owner)
      for tid in tids.dropFirst() { join(ring, tid: tid, &side) }
    }
    layout = EventPlan.layout(side.attributes)
    note()
  }

  /// The event that owns a ring; nil for a CPU that went offline.
  private static func owner(
    _ side: inout AskedEvent, tid: Int32, cpu: Int
  ) throws(RingRefusal) -> OwnedDescriptor? {
    do throws(AskedEvent.Refused) {
      return try side.open(tid: tid, cpu: cpu)
    } catch {
      if error.errno == ENODEV { return nil }
      throw RingRefusal(errno: error.errno, step: .open)
    }
  }

  private mutating func remember(_ event: OwnedDescriptor) {
    var id: UInt64 = 0
    if hs_perf_id(event.rawValue, &id) == 0 { ids.append(id) }
  }

  private mutating func join(_ ring: EventRing, tid: Int32, _ side: inout AskedEvent) {
    do throws(AskedEvent.Refused) {
      let event = try side.open(tid: tid, cpu: ring.cpu)
      guard hs_perf_set_output(event.rawValue, ring.owner.rawValue) == 0 else { return }
      remember(event)
      others.append(event)
    } catch {
      guard !error.isGone else { return }
      let obstacle = EventRefusal.explain(error.errno, permissions: permissions)
      let thread = Unavailability(what: "threads of the program", obstacle)
      if !missing.contains(thread) { missing.append(thread) }
    }
  }

  private mutating func note() {
    guard !rings.isEmpty, size < asked else { return }
    let why =
      RingSizing.most / cpus.count < asked && size * 2 > RingSizing.most / cpus.count
      ? "\(cpus.count) CPUs share \(RingSizing.most >> 20) MiB"
      : "more than the limit of locked memory, or a hundredth of this machine's, allows; raise "
        + "kernel.perf_event_mlock_kb or ulimit -l if samples are lost"
    notes.append("rings of \(size / 1024) KiB instead of \(asked / 1024) KiB for each CPU: \(why)")
  }
}
