import Foundation
import Model
import Probes
import Targets

/// Samples one run of a program, or a process that runs already, and attributes what it sees to call sites.
public struct Profiler: Sendable {
  private let catalogue: Catalogue
  private let helperPath: String
  private let interrupt: Int32

  /// Prepares. `interrupt` is a descriptor that becomes readable when the user wants to stop.
  public init(catalogue: Catalogue, helperPath: String, interrupt: Int32 = -1) {
    self.catalogue = catalogue
    self.helperPath = helperPath
    self.interrupt = interrupt
  }

  /// Runs a prepared cell once under the counters and the sampler, on the calling thread.
  ///
  /// Throws: `ProbeError` when the harness itself fails; whatever the program does is in the result.
  public func run(
    _ prepared: PreparedCell, _ request: ProfileRequest, into result: inout ProfileResult
  ) throws(ProbeError) {
    let facilities = EventFacilities.assess()
    let counters = EventCounters(CountedEvent.allCases)
    let sampler = EventSampler(request.sampling(withPMU: facilities.samplesAccesses))
    var launch = prepared.launch
    launch.withoutHugePages = !request.hugePages
    let supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
    var seen = try supervisor.run(
      launch, sampling: Sampling(), fileSize: prepared.fileSize, observers: [counters, sampler])
    seen.events = counters.take()
    let recording = sampler.finish()
    let (outcome, message) = OutcomeJudge.judge(seen)
    result.duration = seen.elapsed
    result.outcome = outcome
    result.message = message
    result.identity = prepared.judge(seen).identity
    result.events = ProfiledEvents.readings(of: seen)
    result.add(facilities)
    let window = try phaseWindow(request.phase, seen)
    analyse(recording, request, allocators(of: prepared.cell), window, into: &result)
    if seen.ending == .interrupted { result.notes.append("interrupted: the profile ends there") }
  }

  /// Samples a process that runs already, for so long or until it ends or the user interrupts.
  ///
  /// Throws: `ProbeError` when nothing of it can be sampled.
  public func attach(
    pid: Int32, duration: Nanoseconds, _ request: ProfileRequest, into result: inout ProfileResult
  ) throws(ProbeError) {
    let facilities = EventFacilities.assess()
    let sampler = EventSampler(request.sampling(withPMU: facilities.samplesAccesses))
    let watch = ProcessWatch(pid: pid, interrupt: interrupt)
    sampler.attach(running: pid)
    let began = ContinuousClock.now
    sampler.start()
    guard !watch.hasEnded else { throw .endedBeforeSampling(pid: pid) }
    watch.drain(sampler, for: duration)
    sampler.stop()
    result.duration = Nanoseconds(seconds: (ContinuousClock.now - began) / .seconds(1))
    result.add(facilities)
    analyse(sampler.finish(), request, nil, nil, into: &result)
    if watch.hasEnded {
      result.notes.append(
        "process \(pid) ended after \((result.duration.seconds * 100).rounded() / 100) s: the profile ends there"
      )
    }
  }

  /// Attributes what perf recorded, here or elsewhere. Files of this machine give names only where they are those of the
  /// recording.
  ///
  /// Throws: `ProbeError` when it cannot be read.
  public func analyse(
    _ file: PerfDataFile, writtenAt: Double?, into result: inout ProfileResult
  ) throws(ProbeError) {
    let recording = try file.recording()
    var regions: [String: [MappedRegion]] = [:]
    for record in recording {
      if case .mapped(let region) = record { regions[region.path, default: []].append(region) }
    }
    let mappings = regions.flatMap { path, regions in
      Set(regions).map { StatedMapping(region: $0, buildID: file.buildIDs[path]) }
    }
    let hasStacks = file.events.contains {
      $0.layout.sample.fields.isSuperset(of: [.userStack, .userRegisters])
    }
    let resolver = StackResolver(
      mode: hasStacks ? .tables : .framePointers,
      allocator: AllocatorCode(inStacksOf: nil, catalogue: catalogue),
      mappings: mappings, writtenAt: writtenAt)
    var analysis = RecordingAnalysis(recording, resolver: resolver, pageBytes: file.pageBytes ?? 4096)
    let recorded = analysis.run()
    (result.growth, result.accesses, result.memory) = (recorded.growth, recorded.accesses, recorded.memory)
    result.notes += recording.notes
    result.add(missing: recording.missing)
    if recording.damaged > 0 { result.notes.append("\(recording.damaged) records could not be understood") }
  }

  /// When a phase of a workload ran, on the clock of the samples; nil for the whole run.
  private func phaseWindow(_ phase: String?, _ seen: Observation) throws(ProbeError) -> [Range<UInt64>]? {
    guard let phase else { return nil }
    let marks = seen.series.marks
    let spans = marks.indices.dropLast().filter { marks[$0].phase == phase }.map { index in
      let begin = UInt64(max(0, seen.releasedAt + marks[index].began.count))
      return begin..<max(begin, UInt64(max(0, seen.releasedAt + marks[index + 1].ended.count)))
    }
    guard !spans.isEmpty else { throw .noPhase(phase, known: marks.map(\.phase)) }
    return spans
  }

  /// Whose allocators are folded: a command may bring its own, whatever is preloaded, and then any that is known counts.
  private func allocators(of cell: Cell) -> Variant? {
    switch cell.subject {
    case .workload: cell.variant
    case .command: nil
    }
  }

  private func analyse(
    _ recording: EventRecording, _ request: ProfileRequest, _ variant: Variant?, _ window: [Range<UInt64>]?,
    into result: inout ProfileResult
  ) {
    let resolver = StackResolver(
      mode: request.unwinding, allocator: AllocatorCode(inStacksOf: variant, catalogue: catalogue))
    var analysis = RecordingAnalysis(
      recording, resolver: resolver, window: window, pageBytes: Int(getpagesize()))
    let recorded = analysis.run()
    result.growth = recorded.growth
    result.accesses = recorded.accesses
    result.memory = recorded.memory
    result.notes += recording.notes
    result.add(missing: recording.missing)
    if recording.events.contains(where: { $0.kind == .pageFaults && $0.excludesKernel }) {
      result.notes.append(
        "page faults inside system calls (a read into fresh memory) were not seen: that needs root or CAP_PERFMON"
      )
    }
    if recording.damaged > 0 { result.notes.append("\(recording.damaged) records could not be understood") }
  }
}

/// The counted events that a profile shows.
private enum ProfiledEvents {
  static func readings(of seen: Observation) -> [EventReading] {
    let wanted = Set(CountedEvent.allCases.map { MetricID($0.rawValue) } + figures)
    let values = MetricRegistry.values(seen)
    return MetricRegistry.definitions.filter { wanted.contains($0.id) }.compactMap { definition in
      values[definition.id].map { EventReading(metric: definition, value: $0) }
    }
  }

  private static let figures: [MetricID] = [
    "peak_resident", "cpu", "wall", "faults_minor", "faults_major", "loads_per_operation",
    "stores_per_operation",
  ]
}

extension ProfileResult {
  fileprivate mutating func add(_ facilities: EventFacilities) {
    let sampling = facilities.missing.filter { $0.kind == .sampling }
    add(
      missing: sampling.compactMap { facility in
        facility.obstacle.map { Unavailability(what: facility.name, $0) }
      })
  }

  /// What the machine cannot do was tried before the run: the sampler finds the same.
  fileprivate mutating func add(missing: [Unavailability]) {
    for item in missing where !unavailable.contains(item) {
      unavailable.append(item)
    }
  }
}
