import CLinux
import Glibc

/// Opens one planned event on CPUs and threads, and remembers what the kernel made of it.
struct EventOpener {
  private(set) var plan: EventPlan
  private(set) var ids: [UInt64] = []
  /// Why it cannot be had.
  private(set) var obstacle: EventObstacle?
  private let permissions: EventPermissions
  private var descriptors: [OwnedDescriptor] = []
  private var leaders: [OwnedDescriptor] = []

  init(_ plan: EventPlan, permissions: EventPermissions) {
    self.plan = plan
    self.permissions = permissions
  }

  /// Opens the event for one thread on one CPU and sends its samples into that CPU's ring.
  mutating func open(tid: Int32, ring: EventRing) {
    guard obstacle == nil, plan.cpus?.contains(ring.cpu) ?? true else { return }
    do throws(AskedEvent.Refused) {
      let event = try openGroup(tid: tid, cpu: ring.cpu)
      try connect(event, to: ring)
      descriptors.append(event)
    } catch {
      if !error.isGone { obstacle = explain(error) }
    }
  }

  /// The event, with the leader that it needs.
  private mutating func openGroup(tid: Int32, cpu: Int) throws(AskedEvent.Refused) -> OwnedDescriptor {
    guard let leader = try plan.leader?.open(tid: tid, cpu: cpu) else {
      return try plan.event.open(tid: tid, cpu: cpu)
    }
    leaders.append(leader)
    return try plan.event.open(tid: tid, cpu: cpu, group: leader.rawValue)
  }

  private mutating func connect(
    _ event: OwnedDescriptor, to ring: EventRing
  ) throws(AskedEvent.Refused) {
    var id: UInt64 = 0
    var result = hs_perf_set_output(event.rawValue, ring.owner.rawValue)
    if result == 0 { result = hs_perf_id(event.rawValue, &id) }
    guard result == 0 else { throw AskedEvent.Refused(errno: -result) }
    ids.append(id)
  }

  private func explain(_ refused: AskedEvent.Refused) -> EventObstacle {
    EventRefusal.explain(
      refused.errno, permissions: permissions, wantsKernel: plan.event.userOnly == nil)
  }

  /// Opens the event on the calling thread, without starting it, and closes it again.
  ///
  /// Throws: why it cannot be had.
  static func attempt(_ plan: EventPlan, permissions: EventPermissions) throws(EventObstacle) {
    var opener = EventOpener(plan, permissions: permissions)
    do throws(AskedEvent.Refused) {
      _ = try opener.openGroup(tid: 0, cpu: plan.cpus?.min() ?? CPUList.online()[0])
    } catch {
      throw opener.explain(error)
    }
  }

  /// Starts or stops counting, for a process that ran before.
  func enable(_ on: Bool) {
    let heads = leaders.isEmpty ? descriptors : leaders
    for event in heads {
      _ = on ? hs_perf_enable(event.rawValue, 1) : hs_perf_disable(event.rawValue, 1)
    }
  }

  /// What was opened; nil when nothing was.
  func result() -> (event: SampledEvent, layout: EventLayout)? {
    guard !ids.isEmpty else { return nil }
    let attributes = plan.attributes
    let event = SampledEvent(
      name: plan.name, kind: plan.kind, period: attributes.sample_period,
      excludesKernel: attributes.exclude_kernel != 0, precision: Int(clamping: attributes.precise_ip),
      lost: attributes.read_format == 0 ? nil : lost())
    return (event, EventLayout(ids: ids, sample: EventPlan.layout(attributes)))
  }

  /// Samples without room, over all CPUs: PERF_FORMAT_LOST gives the value and then the lost ones.
  private func lost() -> UInt64? {
    var sum: UInt64 = 0
    for event in descriptors {
      var values: [UInt64] = [0, 0]
      guard read(event.rawValue, &values, 16) == 16 else { return nil }
      sum += values[1]
    }
    return sum
  }
}
