/// Counts events of a trial from its exec to its end, in all threads and descendants.
///
/// One object serves trials one after the other. Hardware events go in groups of four, which are on the counters
/// together; software events and tracepoints need none and stand alone.
public final class EventCounters: TrialObserver {
  private let machine: EventMachine
  private let groups: [[Opening]]
  private let refused: TrialEvents.Readings
  private var open: [(event: CountedEvent, descriptor: Result<OwnedDescriptor, EventObstacle>)] = []

  private var marks: [TrialEvents.Readings] = []

  private struct Opening {
    var event: CountedEvent
    var encoding: EventEncoding
  }

  /// Decides once how each event is asked for. Opens nothing yet.
  public init(_ events: [CountedEvent], machine: EventMachine = EventMachine()) {
    self.machine = machine
    var refused: TrialEvents.Readings = [:]
    var hardware: [[Opening]] = []
    var alone: [[Opening]] = []
    for event in events {
      do throws(EventObstacle) {
        let encodings = try machine.encodings(of: event)
        guard event.isHardware else {
          alone += encodings.map { [Opening(event: event, encoding: $0)] }
          continue
        }
        for (core, encoding) in encodings.enumerated() {
          if hardware.count <= core { hardware.append([]) }
          hardware[core].append(Opening(event: event, encoding: encoding))
        }
      } catch {
        refused[event] = .failure(error)
      }
    }
    self.refused = refused
    groups = hardware.flatMap { EventCounters.chunks($0) } + alone
  }

  /// The most hardware events of a group: the general counters of one thread on Intel cores with two.
  static let largestGroup = 4

  private static func chunks(_ openings: [Opening]) -> [[Opening]] {
    stride(from: 0, to: openings.count, by: largestGroup).map {
      Array(openings[$0..<min($0 + largestGroup, openings.count)])
    }
  }

  /// Opens everything on a process that waits before its exec.
  public func attach(to pid: Int32) {
    marks = []
    open = groups.flatMap { group in
      let descriptors = OpenEvent.group(
        group.map(\.encoding), pid: pid, permissions: machine.permissions)
      return zip(group.map(\.event), descriptors).map { (event: $0, descriptor: $1) }
    }
  }

  /// Reads everything while a workload waits between two phases.
  public func marked() { marks.append(readings()) }

  /// The counts of the trial that has ended, and closes its events. The kernel adds a descendant's counts when that
  /// one exits, so this is for after the end of all of them.
  public func take() -> TrialEvents {
    defer {
      open = []
      marks = []
    }
    return TrialEvents(end: readings().merging(refused) { first, _ in first }, marks: marks)
  }

  /// What every descriptor says now, by event.
  private func readings() -> TrialEvents.Readings {
    var result: TrialEvents.Readings = [:]
    for (event, descriptor) in open {
      let earlier = result[event] ?? .success([])
      result[event] = earlier.flatMap { list in
        descriptor.flatMap { EventCounters.read($0) }.map { list + [$0] }
      }
    }
    return result
  }

  private static func read(_ descriptor: OwnedDescriptor) -> Result<CounterReading, EventObstacle> {
    guard let reading = OpenEvent.reading(descriptor) else {
      return .failure(EventObstacle(.notCounted, "not counted: the kernel gave the event up"))
    }
    return .success(reading)
  }
}
