import CLinux
import Model

/// Turns a request into events, by what this machine has.
struct EventPlanner {
  private let request: SamplingRequest
  private let machine: EventMachine
  private let wakeupBytes: Int
  private let onExec: Bool
  private(set) var plans: [EventPlan] = []
  /// What of the request cannot be had, and why.
  private(set) var obstacles: [(kind: SamplingRequest.Kind, obstacle: EventObstacle)] = []

  init(_ request: SamplingRequest, machine: EventMachine, wakeupBytes: Int, onExec: Bool) {
    self.request = request
    self.machine = machine
    self.wakeupBytes = wakeupBytes
    self.onExec = onExec
    for kind in request.kinds { add(kind) }
  }

  /// The same for readers.
  var missing: [Unavailability] {
    obstacles.map { Unavailability(what: $0.kind.subject, $0.obstacle) }
  }

  private mutating func add(_ kind: SamplingRequest.Kind) {
    do throws(EventObstacle) {
      switch kind {
      case .pageFaults(let period):
        add(EventPlanner.pageFaults, .address, period: period, stacks: request.stacks)
      case .memory(let memory): try addMemory(memory)
      case .addressSpace: try addAddressSpace()
      }
    } catch {
      obstacles.append((kind, error))
    }
  }

  private mutating func add(
    _ plan: EventPlan, _ fields: SampleLayout.Fields, period: UInt64, stacks: StackMode
  ) {
    var plan = plan
    plan.sample(fields, period: max(1, period), stacks: stacks, wakeupBytes: wakeupBytes, onExec: onExec)
    plans.append(plan)
  }

  private static var pageFaults: EventPlan {
    let encoding = EventEncoding(
      type: PERF_TYPE_SOFTWARE.rawValue, config: UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue),
      excludesKernel: false)
    return EventPlan(
      name: "page-faults", kind: .pageFaults, encoding: encoding, userOnly: encoding.withoutKernel)
  }

  private static let memoryFields: SampleLayout.Fields = [.address, .period, .weight, .dataSource]

  private mutating func addMemory(_ memory: MemorySampling) throws(EventObstacle) {
    let samplers = try machine.memorySamplers(latency: UInt64(max(3, memory.latencyThreshold)))
    for sampler in samplers where sampler.serves(memory) {
      var plan = EventPlan(
        name: sampler.name, kind: sampler.kind, encoding: sampler.encoding, userOnly: sampler.userOnly)
      plan.cpus = sampler.cpus
      if let auxiliary = sampler.auxiliary {
        var leader = AskedEvent(auxiliary, userOnly: auxiliary.withoutKernel)
        EventPlan.prepare(&leader.attributes, onExec: onExec)
        plan.leader = leader
      }
      let period = memory.period / sampler.periodStep * sampler.periodStep
      add(
        plan, EventPlanner.memoryFields, period: max(sampler.periodStep, period), stacks: request.stacks)
    }
  }

  /// System calls that change what is mapped.
  static let systemCalls = ["mmap", "munmap", "mremap", "madvise", "brk"]

  private mutating func addAddressSpace() throws(EventObstacle) {
    for call in EventPlanner.systemCalls {
      for side in ["enter", "exit"] {
        let format = try machine.tracepointFormat("syscalls/sys_\(side)_\(call)")
        let encoding = EventEncoding(
          type: PERF_TYPE_TRACEPOINT.rawValue, config: format.id, excludesKernel: false)
        let plan = EventPlan(
          name: "syscalls:\(format.name)", kind: .systemCall(format), encoding: encoding, userOnly: nil)
        add(plan, .raw, period: 1, stacks: .none)
      }
    }
  }
}

extension MemorySampler {
  /// Whether any of its samples were asked for.
  fileprivate func serves(_ memory: MemorySampling) -> Bool {
    switch subject {
    case .loads: memory.loads
    case .stores: memory.stores
    case .operations: memory.loads || memory.stores
    }
  }

  fileprivate var kind: SampledEvent.Kind {
    switch subject {
    case .loads: .loads
    case .stores: .stores
    case .operations: .operations
    }
  }
}
