import Model

/// What a recording says, by call site.
public struct RecordedProfile: Sendable {
  /// Resident bytes by call site; nil when page faults were not sampled.
  public var growth: StackProfile?
  /// Sampled loads and stores by call site; nil without samples of them.
  public var accesses: StackProfile?
  /// Where they were served; nil without samples of them.
  public var memory: MemoryAccesses?
}

/// Goes through a recording once and attributes its samples to stacks.
public struct RecordingAnalysis {
  private let recording: EventRecording
  private let resolver: StackResolver
  private let pageBytes: Int
  private let window: [Range<UInt64>]?
  private var faults: SampleGroup
  private var accesses: SampleGroup
  private var growth: ResidentGrowth
  private var tally = MemoryAccessTally()
  private var shared = SharedMemory()
  private var changes: AddressSpaceReader
  private var lazilyFreed = Bytes(0)
  private let seesReturns: Bool

  /// Prepares; `pageBytes` is the size of a page of the machine. Samples outside of `window`, spans of time on
  /// CLOCK_MONOTONIC in ns, are left out.
  public init(
    _ recording: EventRecording, resolver: StackResolver, window: [Range<UInt64>]? = nil,
    pageBytes: Int = 4096
  ) {
    self.window = window
    self.recording = recording
    self.resolver = resolver
    self.pageBytes = pageBytes
    changes = AddressSpaceReader(events: recording.events)
    let period = recording.events.first { $0.kind == .pageFaults }?.period ?? 1
    faults = SampleGroup(period: Int(clamping: period))
    accesses = SampleGroup(period: Int(clamping: recording.events.first(where: \.isMemory)?.period ?? 1))
    seesReturns = recording.events.contains { if case .systemCall = $0.kind { true } else { false } }
    growth = ResidentGrowth(period: Int(clamping: period), pageBytes: pageBytes, seesReturns: seesReturns)
  }

  /// Resolves and adds up everything.
  public mutating func run() -> RecordedProfile {
    for record in recording { take(record) }
    return RecordedProfile(
      growth: growthProfile(), accesses: accessProfile(),
      memory: accesses.stacks.isEmpty ? nil : tally.result(source: accessEvents))
  }

  private mutating func take(_ record: EventRecord) {
    switch record {
    case .exec(let pid, _): growth.replaced(pid: pid)
    // A thread is reported as a fork within its process.
    case .forked(let pid, let parent, _) where pid != parent: growth.forked(parent: parent)
    default: break
    }
    shared.take(record)
    for change in changes.changes(by: record) { take(change) }
    guard case .sample(let sample) = record, recording.events.indices.contains(sample.event) else {
      _ = resolver.consume(record)
      return
    }
    if let window, !window.contains(where: { $0.contains(sample.time) }) { return }
    let event = recording.events[sample.event]
    switch event.kind {
    case .pageFaults:
      guard let address = sample.address else { return }
      let stack = faults.add(resolver.resolve(sample))
      growth.fault(pid: sample.pid, address: address, stack: stack)
    case .loads, .stores, .operations: take(access: sample, event.kind)
    case .systemCall: break
    }
  }

  private mutating func take(_ change: AddressSpaceChange) {
    switch change.kind {
    case .mapped, .unmapped, .discarded:
      growth.discard(pid: change.pid, start: change.address, length: change.length)
    case .moved(let from):
      growth.move(pid: change.pid, from: from, to: change.address, length: change.length)
    case .discardedLazily: lazilyFreed = Bytes(lazilyFreed.count + Int64(clamping: change.length))
    }
  }

  private mutating func take(access sample: EventSample, _ kind: SampledEvent.Kind) {
    let source = sample.dataSource.map(MemoryDataSource.init)
    let isStore: Bool
    switch (kind, source?.operation) {
    case (.stores, _), (.operations, .store?): isStore = true
    case (.loads, _), (.operations, .load?): isStore = false
    default: return
    }
    let resolved = resolver.resolve(sample)
    let stack = accesses.add(resolved)
    accesses.count(stack, column: isStore ? 1 : 0, sample.period)
    tally.add(
      MemoryAccess(
        isStore: isStore, level: source?.access ?? "unknown",
        wasModifiedElsewhere: source?.snoop == .hitModified, latency: sample.weight,
        address: sample.address,
        pid: shared.holds(sample.address ?? 0, pid: sample.pid) ? nil : sample.pid, tid: sample.tid,
        isLocked: source?.isLocked == true, function: resolved.frames.first?.function ?? "[unknown]"))
  }

  private var accessEvents: String {
    recording.events.filter(\.isMemory).map(\.name).joined(separator: ", ")
  }

  private func growthProfile() -> StackProfile? {
    guard recording.events.contains(where: { $0.kind == .pageFaults }) else { return nil }
    var builder = StackProfileBuilder(
      title: "resident bytes by call site", columns: GrowthColumns.all(withReturns: seesReturns))
    for (index, frames) in faults.stacks.enumerated() {
      let pages = growth.stacks[index] ?? .init()
      guard pages.faulted > 0 else { continue }
      let values = [pages.faulted, pages.returned, pages.kept].map { Double($0 * pageBytes) }
      builder.add(frames, values: seesReturns ? values : Array(values.prefix(1)))
    }
    return builder.finished(quality: quality(of: faults), notes: resolver.notes + lazyNotes + refaultNotes)
  }

  private var lazyNotes: [String] {
    guard lazilyFreed.count > 0 else { return [] }
    let mebibytes = (Double(lazilyFreed.count) / 1_048_576).rounded()
    return [
      "ranges of \(Int(mebibytes)) MiB in all were given back lazily (MADV_FREE): they count as kept, and go when memory is short"
    ]
  }

  /// Without tracepoints a figure may be larger than with them: by how much at most.
  private var refaultNotes: [String] {
    guard growth.again > 0 else { return [] }
    func mebibytes(_ pages: Int) -> String {
      let tenths = Int(nearest: Double(pages) * Double(pageBytes) / 1_048_576 * 10)
      return "\(tenths / 10).\(tenths % 10) MiB"
    }
    return [
      """
      what is given back was not seen (that needs root and tracefs), so that a page counts each time it faults: \
      \(mebibytes(growth.again)) are pages that had faulted before at the same address. They were given back in between, \
      or, for \(mebibytes(growth.perhapsRead)) at most, only read before: with tracefs the latter count once
      """
    ]
  }

  private func accessProfile() -> StackProfile? {
    guard !accesses.stacks.isEmpty else { return nil }
    var builder = StackProfileBuilder(title: "loads and stores by call site", columns: AccessColumns.all)
    for (index, frames) in accesses.stacks.enumerated() {
      builder.add(frames, values: accesses.values[index])
    }
    return builder.finished(quality: quality(of: accesses), notes: [])
  }

  private func quality(of group: SampleGroup) -> StackProfile.Quality {
    .init(
      samples: group.samples, lost: Int(clamping: recording.lost.total), complete: group.complete,
      period: group.period)
  }
}

/// Stacks of one kind of sample, each once.
private struct SampleGroup {
  let period: Int
  private(set) var stacks: [[Frame]] = []
  private(set) var values: [[Double]] = []
  private(set) var samples = 0
  private(set) var complete = 0
  private var indices: [[Frame]: Int] = [:]

  init(period: Int) { self.period = period }

  mutating func add(_ stack: ResolvedStack) -> Int {
    samples += 1
    if stack.isComplete { complete += 1 }
    if let known = indices[stack.frames] { return known }
    let index = stacks.count
    indices[stack.frames] = index
    stacks.append(stack.frames)
    values.append([0, 0])
    return index
  }

  mutating func count(_ stack: Int, column: Int, _ events: UInt64) { values[stack][column] += Double(events) }
}

/// What the values of a growth profile are.
private enum GrowthColumns {
  static func all(withReturns: Bool) -> [StackProfile.Column] {
    let columns: [StackProfile.Column] = [
      .init(
        name: "resident", unit: .bytes, provenance: .sampled,
        explanation:
          "Pages that became resident at this call site, each time they did, from page faults."),
      .init(
        name: "returned", unit: .bytes, provenance: .sampled,
        explanation: "Of them, given back later by munmap, madvise, brk or exec."),
      .init(
        name: "kept", unit: .bytes, provenance: .sampled,
        explanation: "Of them, still there at the end."),
    ]
    return withReturns ? columns : [columns[0]]
  }
}

/// What the values of an access profile are.
private enum AccessColumns {
  static let all: [StackProfile.Column] = [
    .init(name: "loads", unit: .count, provenance: .sampled, explanation: "Sampled loads, times the period."),
    .init(
      name: "stores", unit: .count, provenance: .sampled, explanation: "Sampled stores, times the period."),
  ]
}

extension SampledEvent {
  /// Whether its samples are loads or stores.
  var isMemory: Bool {
    switch kind {
    case .loads, .stores, .operations: true
    case .pageFaults, .systemCall: false
    }
  }
}
