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
  private let wanted: Int
  private let permissions: EventPermissions
  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Prepares rings of at least so many bytes.
  init(bytes: Bytes, permissions: EventPermissions) {
    self.permissions = permissions
    var size = RingSet.pageBytes
    while size < min(bytes.count, 1 << 30) { size *= 2 }
    wanted = size
  }

  /// Bytes in a ring at which the reader is woken: early, also in a large ring, because a program that does nothing
  /// but fault fills the rest while the first part is copied.
  var wakeupBytes: Int { min(wanted / 4, 1 << 20) }

  /// Maps a ring of one page for the calling thread, since the limit on locked memory shows only there.
  ///
  /// Throws: why there can be none.
  static func attempt(permissions: EventPermissions) throws(EventObstacle) {
    let rings = RingSet(bytes: Bytes(1), permissions: permissions)
    var side = EventPlan.side(dataMappings: false, wakeupBytes: rings.wakeupBytes, onExec: true)
    for cpu in CPUList.online() {
      guard let owner = try rings.owner(&side, tid: 0, cpu: cpu) else { continue }
      _ = try rings.map(owner, cpu: cpu)
      return
    }
  }

  /// Opens a ring on every CPU for the threads of a process.
  mutating func open(tids: [Int32], dataMappings: Bool, onExec: Bool) {
    guard let first = tids.first else { return }
    var side = EventPlan.side(dataMappings: dataMappings, wakeupBytes: wakeupBytes, onExec: onExec)
    for cpu in CPUList.online() {
      do throws(EventObstacle) {
        guard let owner = try owner(&side, tid: first, cpu: cpu) else { continue }
        let ring = try map(owner, cpu: cpu)
        rings.append(ring)
        remember(owner)
        for tid in tids.dropFirst() { join(ring, tid: tid, &side) }
      } catch {
        obstacle = error
        rings = []
        return
      }
    }
    layout = EventPlan.layout(side.attributes)
    note()
  }

  /// The event that owns a ring; nil for a CPU that went offline.
  private func owner(
    _ side: inout AskedEvent, tid: Int32, cpu: Int
  ) throws(EventObstacle) -> OwnedDescriptor? {
    do throws(AskedEvent.Refused) {
      return try side.open(tid: tid, cpu: cpu)
    } catch {
      if error.errno == ENODEV { return nil }
      throw EventRefusal.explain(error.errno, permissions: permissions)
    }
  }

  /// Halves the size until it fits into the limit of locked memory.
  private func map(_ owner: OwnedDescriptor, cpu: Int) throws(EventObstacle) -> EventRing {
    // What was refused on one CPU is refused on the next.
    var bytes = rings.last?.bytes ?? wanted
    while true {
      switch EventRing.map(owner: owner, cpu: cpu, bytes: bytes) {
      case .success(let ring): return ring
      case .failure(let refused):
        let mayShrink = refused.errno == EPERM || refused.errno == ENOMEM
        guard mayShrink, bytes > RingSet.pageBytes else {
          throw EventRefusal.explain(refused.errno, at: .ring, permissions: permissions)
        }
        bytes /= 2
      }
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
    guard let least = rings.map(\.bytes).min(), least < wanted else { return }
    notes.append(
      "rings of \(least / 1024) KiB instead of \(wanted / 1024) KiB for each CPU: "
        + "more than the limit of locked memory allows; raise kernel.perf_event_mlock_kb or ulimit -l "
        + "if samples are lost")
  }
}
