import CLinux
import Glibc
import Model

/// Samples memory events of a process and of all that it starts.
///
/// The kernel writes records into one ring for each CPU; `drain` copies them to a temporary file without looking
/// at them. What cannot be sampled is told with the recording: a trial never fails because of it. One sampler is
/// for one process; all calls come from one thread.
public final class EventSampler: TrialObserver {
  private let request: SamplingRequest
  private let machine: EventMachine
  private var rings: RingSet
  private var openers: [EventOpener] = []
  private var spool: EventSpool?
  private var missing: [Unavailability] = []
  private var notes: [String] = []
  private var mappings: [MappedRegion] = []
  private var damagedRings = 0
  /// Descriptors of the rings, to be polled.
  public private(set) var descriptors: [Int32] = []

  /// Prepares to sample.
  public init(_ request: SamplingRequest, machine: EventMachine = EventMachine()) {
    self.request = request
    self.machine = machine
    rings = RingSet(bytes: request.ringBytes, permissions: machine.permissions)
  }

  /// Attaches to a process that waits before its exec.
  public func attach(to pid: Int32) { open(tids: [pid], onExec: true) }

  /// Attaches to all threads of a process that runs already; `start` lets the events count.
  ///
  /// Descendants are sampled when they are forked afterwards.
  public func attach(running pid: Int32) {
    let tids = ProcessThreads.of(pid)
    guard !tids.isEmpty else {
      missing.append(
        Unavailability(
          what: "process \(pid)", reason: "it does not exist", remedy: "name a process that runs"))
      return
    }
    open(tids: tids, onExec: false)
    mappings = ProcessMaps.read(pid: pid).filter { $0.isExecutable || request.dataMappings }
    // Inherited when their creator was attached before it made them, which nobody can tell.
    let late = Set(ProcessThreads.of(pid)).subtracting(tids).count
    if late > 0 {
      notes.append("\(late) threads began while their process was attached to: some may be missed")
    }
  }

  /// Lets the events of a process that ran already count.
  public func start() { openers.forEach { $0.enable(true) } }

  /// Stops them.
  public func stop() { openers.forEach { $0.enable(false) } }

  private func open(tids: [Int32], onExec: Bool) {
    guard spool == nil else { return }  // one process only
    do throws(ProbeError) {
      spool = try EventSpool(limit: request.spoolLimit)
    } catch {
      missing.append(
        Unavailability(
          what: "the program", reason: error.description, remedy: "set TMPDIR to a folder with room"))
      return
    }
    rings.open(tids: tids, dataMappings: request.dataMappings, onExec: onExec)
    let planner = EventPlanner(
      request, machine: machine, wakeupBytes: rings.wakeupBytes, onExec: onExec)
    missing += rings.missing + planner.missing
    if let obstacle = rings.obstacle { tell(missing: request.kinds.map(\.subject), obstacle) }
    notes += rings.notes
    openers = planner.plans.map { EventOpener($0, permissions: machine.permissions) }
    for index in openers.indices {
      for ring in rings.rings {
        for tid in tids { openers[index].open(tid: tid, ring: ring) }
      }
    }
    for opener in openers {
      if let obstacle = opener.obstacle { tell(missing: [opener.plan.kind.subject], obstacle) }
    }
    descriptors = rings.rings.map(\.owner.rawValue)
  }

  /// Of several events of a kind the same is said once.
  private func tell(missing subjects: [String], _ obstacle: EventObstacle) {
    for item in subjects.map({ Unavailability(what: $0, obstacle) }) where !missing.contains(item) {
      missing.append(item)
    }
  }

  /// Copies what is in the rings to the temporary file.
  public func drain() {
    var taken = 0
    for (index, ring) in rings.rings.enumerated() {
      do throws(RecordDamage) {
        taken += try ring.reader.take { spool?.append(ring: index, $0, $1) }
      } catch {
        damagedRings += 1
      }
    }
    if taken == 0 { forgetEnded() }
  }

  /// An event whose threads are all gone is readable for ever: polling it would spin.
  private func forgetEnded() {
    guard !descriptors.isEmpty else { return }
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return }
    let ended = Set(polled.filter { Int32(clamping: $0.revents) & (POLLHUP | POLLERR) != 0 }.map(\.fd))
    descriptors.removeAll { ended.contains($0) }
  }

  /// Takes out the rest, closes the events and hands over what was recorded. The sampler is empty afterwards.
  public func finish() -> EventRecording {
    drain()
    var opened = openers.compactMap { $0.result() }
    // The ids of the side records come last, so that samples' indices are those of `events`.
    opened.append((EventRecording.sideEvent, EventLayout(ids: rings.ids, sample: rings.layout)))
    if let number = spool?.writeError {
      notes.append(
        "samples were dropped: writing them failed: \(ErrnoText.text(number)); set TMPDIR elsewhere")
    }
    let recording = EventRecording(
      events: opened, spool: spool, mappings: mappings, missing: missing, notes: notes,
      damagedRings: damagedRings)
    descriptors = []
    openers = []
    rings = RingSet(bytes: request.ringBytes, permissions: machine.permissions)
    spool = nil
    return recording
  }
}
