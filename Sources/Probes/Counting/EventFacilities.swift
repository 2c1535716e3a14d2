import CLinux
import Glibc

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
  public var obstacle: EventUnavailable?

  /// States a facility.
  public init(kind: Kind, name: String, obstacle: EventUnavailable?) {
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
        obstacle: obstacle { () throws(EventUnavailable) in
          for encoding in try machine.encodings(of: event) {
            _ = try OpenEvent.counting(encoding, pid: 0, permissions: machine.permissions)
          }
        })
    }
    let faults = EventFacility(
      kind: .sampling, name: pageFaults,
      obstacle: obstacle { () throws(EventUnavailable) in try tryPageFaults(machine) })
    let accesses = EventFacility(
      kind: .sampling, name: memoryAccesses,
      obstacle: obstacle { () throws(EventUnavailable) in try tryAccesses(machine) })
    return EventFacilities(machine: machine, all: counted + [faults, accesses])
  }

  /// Name of the facility that samples page faults.
  public static let pageFaults = "page faults with address and stack"
  /// Name of the facility that samples loads and stores.
  public static let memoryAccesses = "loads and stores with address, latency and data source"

  /// Why a facility is not there; nil when it is ready.
  public func obstacle(_ name: String) -> EventUnavailable? { all.first { $0.name == name }?.obstacle }

  /// Everything that is not there.
  public var missing: [EventFacility] { all.filter { $0.obstacle != nil } }

  /// Whether loads and stores can be sampled.
  public var samplesAccesses: Bool { obstacle(Self.memoryAccesses) == nil }

  private static func obstacle(_ attempt: () throws(EventUnavailable) -> Void) -> EventUnavailable? {
    do throws(EventUnavailable) {
      try attempt()
      return nil
    } catch {
      return error
    }
  }

  /// Opens the event and maps a small ring, since the limit on locked memory shows only there.
  private static func tryPageFaults(_ machine: EventMachine) throws(EventUnavailable) {
    let faults = UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue)
    let encoding = EventEncoding(type: PERF_TYPE_SOFTWARE.rawValue, config: faults)
    let descriptor = try sampling(encoding, machine)
    let bytes = 9 * Int(sysconf(Int32(_SC_PAGESIZE)))
    let ring = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.rawValue, 0)
    guard ring != MAP_FAILED else {
      throw EventRefusal.explain(errno, at: .ring, permissions: machine.permissions)
    }
    munmap(ring, bytes)
  }

  private static func tryAccesses(_ machine: EventMachine) throws(EventUnavailable) {
    for sampler in try machine.memorySamplers() { _ = try sampling(sampler.encoding, machine) }
  }

  /// Opens an event to be sampled, stepping down from the precision it is meant for.
  private static func sampling(
    _ encoding: EventEncoding, _ machine: EventMachine
  ) throws(EventUnavailable) -> OwnedDescriptor {
    var attribute = encoding.attribute
    attribute.disabled = 1
    attribute.sample_period = 1 << 20
    attribute.sample_type = UInt64(PERF_SAMPLE_IP.rawValue | PERF_SAMPLE_ADDR.rawValue)
    var result = hs_perf_open(&attribute, 0, -1, -1)
    while result == -EOPNOTSUPP, attribute.precise_ip > 0 {
      attribute.precise_ip -= 1
      result = hs_perf_open(&attribute, 0, -1, -1)
    }
    guard result >= 0 else {
      throw EventRefusal.explain(
        -result, permissions: machine.permissions, wantsKernel: !encoding.excludesKernel)
    }
    return OwnedDescriptor(result)
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
