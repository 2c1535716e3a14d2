/// Something that can be counted or sampled here, or why not.
public struct EventFacility: Hashable, Sendable {
  /// What it belongs to.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Counted by the processor.
    case hardware
    /// Counted by the kernel.
    case software
    /// Counted at tracepoints.
    case tracepoint
    /// Sampled with stacks.
    case sampling
  }

  /// What it belongs to.
  public var kind: Kind
  /// Its name, e.g. `loads` or `page faults with address and stack`.
  public var name: String
  /// Nil when it is ready.
  public var obstacle: EventObstacle?

  /// States a facility.
  public init(kind: Kind, name: String, obstacle: EventObstacle?) {
    self.kind = kind
    self.name = name
    self.obstacle = obstacle
  }
}

/// Which memory events this machine and this user can have: found out by opening each one on this process.
public struct EventFacilities: Sendable {
  /// The machine that was looked at.
  public var machine: EventMachine
  /// Every facility, by kind.
  public var all: [EventFacility]

  /// Opens every event once, without starting it, and closes it again.
  public static func assess(_ machine: EventMachine = EventMachine()) -> EventFacilities {
    let counted = CountedEvent.allCases.map { event in
      EventFacility(
        kind: event.kind, name: event.rawValue,
        obstacle: obstacle { () throws(EventObstacle) in
          for encoding in try machine.encodings(of: event) {
            _ = try OpenEvent.counting(encoding, pid: 0, permissions: machine.permissions)
          }
        })
    }
    let faults = EventFacility(
      kind: .sampling, name: pageFaults,
      obstacle: obstacle { () throws(EventObstacle) in try trySampling(.pageFaults(period: 1), machine) })
    let accesses = EventFacility(
      kind: .sampling, name: memoryAccesses,
      obstacle: obstacle { () throws(EventObstacle) in try trySampling(.memory(MemorySampling()), machine) })
    return EventFacilities(machine: machine, all: counted + [faults, accesses])
  }

  /// Name of the facility that samples page faults.
  public static let pageFaults = "page faults with address and stack"
  /// Name of the facility that samples loads and stores.
  public static let memoryAccesses = "loads and stores with address, latency and data source"

  /// What is missing when no change of the address space is seen.
  static let addressSpace = "calls of " + EventPlanner.systemCalls.joined(separator: ", ")

  /// Why a facility is not there; nil when it is ready.
  public func obstacle(_ name: String) -> EventObstacle? { all.first { $0.name == name }?.obstacle }

  /// Everything that is not there.
  public var missing: [EventFacility] { all.filter { $0.obstacle != nil } }

  /// Whether loads and stores can be sampled.
  public var samplesAccesses: Bool { obstacle(Self.memoryAccesses) == nil }

  private static func obstacle(_ attempt: () throws(EventObstacle) -> Void) -> EventObstacle? {
    do throws(EventObstacle) {
      try attempt()
      return nil
    } catch {
      return error
    }
  }

  /// Opens what a sampler would open for a kind of event.
  private static func trySampling(
    _ kind: SamplingRequest.Kind, _ machine: EventMachine
  ) throws(EventObstacle) {
    let request = SamplingRequest(kinds: [kind], stacks: .none)
    try RingSet.attempt(permissions: machine.permissions)
    let planner = EventPlanner(request, machine: machine, wakeupBytes: 4096, onExec: true)
    if let obstacle = planner.obstacles.first?.obstacle { throw obstacle }
    for plan in planner.plans { try EventOpener.attempt(plan, permissions: machine.permissions) }
  }
}

extension CountedEvent {
  fileprivate var kind: EventFacility.Kind {
    switch source {
    case .hardware: .hardware
    case .software: .software
    case .tracepoint: .tracepoint
    }
  }
}
