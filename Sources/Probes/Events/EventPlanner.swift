import CLinux
import Glibc

/// Turns a request into events, by what this machine has.
struct EventPlanner {
  let request: SamplingRequest
  let wakeupBytes: Int
  let onExec: Bool
  var sourceRoot = EventSource.root
  private(set) var plans: [EventPlan] = []
  private(set) var failures: [SamplingFailure] = []

  init(_ request: SamplingRequest, wakeupBytes: Int, onExec: Bool, sourceRoot: String = EventSource.root) {
    self.request = request
    self.wakeupBytes = wakeupBytes
    self.onExec = onExec
    self.sourceRoot = sourceRoot
    for kind in request.kinds {
      switch kind {
      case .pageFaults(let period): addPageFaults(period: period)
      case .memory(let memory): addMemory(memory)
      case .addressSpace: addAddressSpace()
      }
    }
  }

  private mutating func add(
    _ plan: EventPlan, _ fields: SampleLayout.Fields, period: UInt64, stacks: StackMode
  ) {
    var plan = plan
    plan.sample(
      fields, period: max(1, period), stacks: stacks, wakeupBytes: wakeupBytes, onExec: onExec)
    plans.append(plan)
  }

  private mutating func addPageFaults(period: UInt64) {
    var attributes = perf_event_attr()
    attributes.type = UInt32(PERF_TYPE_SOFTWARE.rawValue)
    attributes.config = UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue)
    let plan = EventPlan(name: "page-faults", kind: .pageFaults, attributes: attributes)
    add(plan, .address, period: period, stacks: request.stacks)
  }

  private static let memoryFields: SampleLayout.Fields = [.address, .period, .weight, .dataSource]

  private mutating func addMemory(_ memory: MemorySampling) {
    let before = plans.count
    for name in ["cpu", "cpu_core", "cpu_atom"] {
      guard let source = EventSource(name, root: sourceRoot) else { continue }
      if memory.loads { addLoads(memory, source) }
      if memory.stores, let stores = source.attributes(event: "mem-stores") {
        addPrecise("\(name)/mem-stores/", .stores, stores, leader: nil, memory, source)
      }
    }
    if let ibs = EventSource("ibs_op", root: sourceRoot) { addOperations(memory, ibs) }
    guard plans.count == before else { return }
    let hasSPE = EventSource("arm_spe_0", root: sourceRoot) != nil
    failures.append(
      SamplingFailure(
        subject: "loads and stores",
        reason: hasSPE
          ? "ARM SPE is there, but heapscale cannot read its packets"
          : "this machine has no PMU that samples them (no mem-loads, mem-stores or ibs_op in sysfs)",
        remedy: hasSPE
          ? "use perf record -e arm_spe// there"
          : "run on hardware of Intel's or AMD's, or simulate them: --simulate"))
  }

  /// Where sysfs names mem-loads-aux, loads have no data source unless it leads their group.
  private mutating func addLoads(_ memory: MemorySampling, _ source: EventSource) {
    let threshold = UInt64(max(3, memory.latencyThreshold))
    guard let loads = source.attributes(event: "mem-loads", adding: [("ldlat", threshold)]) else { return }
    let leader = source.attributes(event: "mem-loads-aux")
    addPrecise(
      "\(source.name)/mem-loads,ldlat=\(threshold)/", .loads, loads, leader: leader, memory, source)
  }

  private mutating func addPrecise(
    _ name: String, _ kind: SampledEvent.Kind, _ attributes: perf_event_attr, leader: perf_event_attr?,
    _ memory: MemorySampling, _ source: EventSource
  ) {
    var plan = EventPlan(name: name, kind: kind, attributes: attributes, cpus: source.cpus)
    plan.attributes.precise_ip = 3
    if var leader {
      EventPlan.prepare(&leader, onExec: onExec)
      plan.leader = leader
    }
    add(plan, EventPlanner.memoryFields, period: memory.period, stacks: request.stacks)
  }

  private mutating func addOperations(_ memory: MemorySampling, _ source: EventSource) {
    var attributes = perf_event_attr()
    attributes.type = source.type
    guard source.set("cnt_ctl", to: 1, in: &attributes) else { return }
    let filter: EventPlan.Exclusion = source.has(term: "swfilt") ? .softwareFilter(source) : .impossible
    let plan = EventPlan(
      name: "ibs_op/cnt_ctl=1/", kind: .operations, attributes: attributes, exclusion: filter)
    let period = max(16, memory.period / 16 * 16)
    add(plan, EventPlanner.memoryFields, period: period, stacks: request.stacks)
  }

  /// System calls that change what is mapped.
  static let systemCalls = ["mmap", "munmap", "mremap", "madvise", "brk"]

  private mutating func addAddressSpace() {
    for call in EventPlanner.systemCalls {
      for side in ["enter", "exit"] {
        do throws(SamplingFailure) {
          let format = try Tracefs.format("syscalls/sys_\(side)_\(call)")
          var attributes = perf_event_attr()
          attributes.type = UInt32(PERF_TYPE_TRACEPOINT.rawValue)
          attributes.config = format.id
          let plan = EventPlan(
            name: "syscalls:\(format.name)", kind: .systemCall(format), attributes: attributes,
            exclusion: .impossible)
          add(plan, .raw, period: 1, stacks: .none)
        } catch {
          var failure = error  // the other calls would fail alike
          failure.subject = "calls of \(EventPlanner.systemCalls.joined(separator: ", "))"
          failures.append(failure)
          return
        }
      }
    }
  }
}
