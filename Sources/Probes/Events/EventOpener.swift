import CLinux
import Glibc

/// Opens one planned event on CPUs and threads, and remembers what the kernel made of it.
struct EventOpener {
  private(set) var plan: EventPlan
  private(set) var ids: [UInt64] = []
  private(set) var failure: SamplingFailure?
  private var descriptors: [OwnedDescriptor] = []
  private var leaders: [OwnedDescriptor] = []

  init(_ plan: EventPlan) { self.plan = plan }

  /// Opens the event for one thread on one CPU and sends its samples into that CPU's ring.
  mutating func open(tid: Int32, ring: EventRing) {
    guard failure == nil, plan.cpus?.contains(ring.cpu) ?? true else { return }
    var group: Int32 = -1
    if var leader = plan.leader {
      guard let opened = openSteps(&leader, tid, ring.cpu, group: -1) else { return }
      plan.leader = leader
      leaders.append(opened)
      group = opened.rawValue
    }
    var attributes = plan.attributes
    guard let event = openSteps(&attributes, tid, ring.cpu, group: group) else { return }
    plan.attributes = attributes
    var id: UInt64 = 0
    var result = hs_perf_set_output(event.rawValue, ring.owner.rawValue)
    if result == 0 { result = hs_perf_id(event.rawValue, &id) }
    guard result == 0 else {
      failure = SamplingFailure(
        subject: plan.name, call: "ioctl", errno: -result, reason: "its samples cannot go into the ring",
        remedy: "please report it with the kernel's version")
      return
    }
    ids.append(id)
    descriptors.append(event)
  }

  /// Lowers what is asked for until the kernel agrees; nil, with the reason kept, when it does not.
  private mutating func openSteps(
    _ attributes: inout perf_event_attr, _ tid: Int32, _ cpu: Int, group: Int32
  ) -> OwnedDescriptor? {
    switch EventOpener.open(&attributes, tid: tid, cpu: cpu, group: group, plan.exclusion) {
    case .success(let descriptor): return descriptor
    case .failure(let refused):
      // A thread that ended meanwhile is no failure of the event, nor is a CPU that went offline.
      if refused.errno != ESRCH && refused.errno != ENODEV {
        failure = .opening(plan.name, errno: refused.errno)
      }
      return nil
    }
  }

  /// The error number of perf_event_open.
  struct Refusal: Error { var errno: Int32 }

  /// Opens attributes, giving up step by step what the kernel refuses.
  static func open(
    _ attributes: inout perf_event_attr, tid: Int32, cpu: Int, group: Int32 = -1,
    _ exclusion: EventPlan.Exclusion = .attribute
  ) -> Result<OwnedDescriptor, Refusal> {
    while true {
      let result = hs_perf_open(&attributes, tid, Int32(cpu), group)
      if result >= 0 { return .success(OwnedDescriptor(result)) }
      guard EventPlan.lower(&attributes, errno: -result, exclusion) else {
        return .failure(Refusal(errno: -result))
      }
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
      excludesKernel: attributes.exclude_kernel != 0, precision: Int(attributes.precise_ip),
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
