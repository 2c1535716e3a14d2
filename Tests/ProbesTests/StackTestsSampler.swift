import CLinux
import Foundation
import Glibc
import Model

@testable import Probes

/// Samples for the tests of stacks: page faults as profiles take them, or wherever the clock stops a program, which
/// no profile asks for. Rings, decoder and order are the sampler's own.
struct StackSampler {
  /// What is sampled.
  enum Event {
    case cpuClock
    case pageFaults

    fileprivate var number: UInt64 {
      switch self {
      case .cpuClock: UInt64(PERF_COUNT_SW_CPU_CLOCK.rawValue)
      case .pageFaults: UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue)
      }
    }
  }

  var event = Event.pageFaults
  var period: UInt64 = 1
  var hasCallchain = false
  var environment: [String: String] = [:]

  struct Failure: Error { var what: String }

  /// Runs a program to its end; its records in the order of time.
  func records(of command: [String]) throws -> [EventRecord] {
    try LockedMemory.alone { try recordsAlone(of: command) }
  }

  private func recordsAlone(of command: [String]) throws -> [EventRecord] {
    let process = try StoppedProcess(command, environment: environment)
    let permissions = EventPermissions()
    var rings = RingSet(bytes: Bytes(16 << 20), permissions: permissions)
    rings.open(tids: [process.pid], dataMappings: false, onExec: true)
    var opener = EventOpener(plan(wakeupBytes: rings.wakeupBytes), permissions: permissions)
    for ring in rings.rings { opener.open(tid: process.pid, ring: ring) }
    var spool = try EventSpool(limit: Bytes(1 << 30))
    process.goOn()
    while !process.hasEnded {
      try Self.drain(rings, into: &spool)
      usleep(500)
    }
    try Self.drain(rings, into: &spool)
    guard let opened = opener.result(), process.wait() == 0 else {
      throw Failure(what: "\(command): \(opener.obstacle?.description ?? "the program failed")")
    }
    let side = (EventRecording.sideEvent, EventLayout(ids: rings.ids, sample: rings.layout))
    let recording = EventRecording(
      events: [opened, side], spool: spool, mappings: [], missing: [], notes: [], damagedRings: 0)
    return Array(recording)
  }

  private func plan(wakeupBytes: Int) -> EventPlan {
    let encoding = EventEncoding(type: PERF_TYPE_SOFTWARE.rawValue, config: event.number)
    var plan = EventPlan(name: "test", kind: .pageFaults, encoding: encoding, userOnly: encoding)
    plan.sample(
      .address, period: period,
      stacks: hasCallchain ? .dwarfAndFramePointers(bytes: 8192) : .dwarf(bytes: 8192),
      wakeupBytes: wakeupBytes, onExec: true)
    return plan
  }

  private static func drain(_ rings: RingSet, into spool: inout EventSpool) throws {
    for (index, ring) in rings.rings.enumerated() {
      _ = try ring.reader.take { spool.append(ring: index, $0, $1) }
    }
  }
}
