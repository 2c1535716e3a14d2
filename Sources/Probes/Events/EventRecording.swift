import CLinux
import Glibc
import Model
import Synchronization

/// Samples that are missing, and why.
public struct LostSamples: Hashable, Sendable {
  /// Found no room in a ring: the reader was too slow, or the ring too small.
  public var inRings: UInt64
  /// Came when the temporary file was full or could not be written.
  public var inSpool: UInt64

  /// All of them.
  public var total: UInt64 { inRings + inSpool }
}

/// What was recorded of a process: a sequence of records in the order of time, over all CPUs.
///
/// The bytes stay in an unlinked temporary file and are decoded while one iterates, as often as one likes.
public struct EventRecording: Sequence, Sendable {
  /// The events that were opened; `EventSample.event` is an index into them.
  public let events: [SampledEvent]
  /// What could not be sampled, and why.
  public let missing: [Unavailability]
  /// Doubts and hints, in sentences.
  public let notes: [String]
  /// Samples that are there.
  public let sampleCount: UInt64
  /// Samples that are missing.
  public let lost: LostSamples
  /// Times that the kernel paused an event, because it came more often than kernel.perf_event_max_sample_rate.
  public let throttles: UInt64

  private let decoder: RecordDecoder
  private let spool: SpoolMapping?
  private let chunks: [[EventSpool.Chunk]]
  private let mappings: [MappedRegion]
  private let damage: DamageTally

  /// Stands for the events that own the rings and have no samples.
  static let sideEvent = SampledEvent(
    name: "dummy", kind: .pageFaults, period: 0, excludesKernel: false, precision: 0)

  /// Closes what a sampler has gathered; the last of `events` is the one of side records. A file of one event, whose
  /// records bear no id, brings its own decoder.
  init(
    events: [(event: SampledEvent, layout: EventLayout)], spool: EventSpool?, mappings: [MappedRegion],
    missing: [Unavailability], notes: [String], damagedRings: Int, decoder: RecordDecoder? = nil
  ) {
    self.events = events.dropLast().map(\.event)
    self.missing = missing
    self.mappings = mappings
    self.decoder = decoder ?? RecordDecoder(events.map(\.layout))
    let mapping = spool.flatMap { SpoolMapping(file: $0.file, bytes: $0.bytes) }
    self.spool = mapping
    self.notes = notes
    chunks = mapping == nil ? [] : EventRecording.byRing(spool?.chunks ?? [])
    damage = DamageTally(before: damagedRings)
    let census = RecordCensus(mapping?.bytes, spool?.chunks ?? [])
    sampleCount = census.samples
    throttles = census.throttles
    // The records miss what was lost after the last of them; the events' own count starts with Linux 6.0.
    let counted = events.reduce(0) { $0 + ($1.event.lost ?? 0) }
    lost = LostSamples(inRings: Swift.max(census.lost, counted), inSpool: spool?.droppedSamples ?? 0)
  }

  private static func byRing(_ chunks: [EventSpool.Chunk]) -> [[EventSpool.Chunk]] {
    var result = [[EventSpool.Chunk]](repeating: [], count: (chunks.map(\.ring).max() ?? -1) + 1)
    for chunk in chunks { result[chunk.ring].append(chunk) }
    return result
  }

  /// Bytes or records that could not be understood, as far as one has iterated.
  public var damaged: Int { damage.value }

  /// Begins with the mappings that were there before.
  public func makeIterator() -> Iterator {
    let bytes = spool?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    let rings = chunks.map { OrderedRing(bytes: bytes, chunks: $0, decoder: decoder) }
    return Iterator(
      mappings: mappings[...], merge: RecordMerge(rings: rings), spool: spool, decoder: decoder,
      damage: damage)
  }

  /// Goes through the records in the order of their time stamps.
  public struct Iterator: IteratorProtocol {
    private var mappings: ArraySlice<MappedRegion>
    private var merge: RecordMerge
    private let spool: SpoolMapping?
    private let decoder: RecordDecoder
    private let damage: DamageTally
    private var damaged = 0

    init(
      mappings: ArraySlice<MappedRegion>, merge: RecordMerge, spool: SpoolMapping?, decoder: RecordDecoder,
      damage: DamageTally
    ) {
      self.mappings = mappings
      self.merge = merge
      self.spool = spool
      self.decoder = decoder
      self.damage = damage
    }

    /// The next record that says something; damaged ones are counted and left out.
    public mutating func next() -> EventRecord? {
      if let mapping = mappings.popFirst() { return .mapped(mapping) }
      guard let spool else { return nil }
      while let place = merge.next() {
        let bytes = UnsafeRawBufferPointer(rebasing: spool.bytes[place.offset..<place.offset + place.size])
        do throws(RecordDamage) {
          if let record = try decoder.decode(bytes) { return record }
        } catch {
          damaged += 1
        }
      }
      damage.raise(to: damaged + merge.damaged)
      return nil
    }
  }
}

/// The most damage that any iteration has met.
final class DamageTally: Sendable {
  private let before: Int
  private let most = Mutex(0)

  init(before: Int) { self.before = before }

  var value: Int { before + most.withLock { $0 } }

  func raise(to count: Int) { most.withLock { $0 = max($0, count) } }
}

/// The temporary file, mapped for reading: pages come in when they are looked at, and go when memory is short.
///
/// Unchecked, because the bytes never change after the sampler has finished, and the file has no name by which
/// another program could shorten it.
final class SpoolMapping: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  /// nil when the file is empty or cannot be mapped.
  init?(file: OwnedDescriptor, bytes count: Int) {
    guard count > 0, let address = mmap(nil, count, PROT_READ, MAP_SHARED, file.rawValue, 0),
      Int(bitPattern: address) != -1
    else { return nil }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}

/// Counts records by their headers, without decoding them.
struct RecordCensus {
  private(set) var samples: UInt64 = 0
  private(set) var lost: UInt64 = 0
  private(set) var throttles: UInt64 = 0

  init(_ bytes: UnsafeRawBufferPointer?, _ chunks: [EventSpool.Chunk]) {
    guard let bytes else { return }
    for chunk in chunks {
      let piece = UnsafeRawBufferPointer(rebasing: bytes[chunk.offset..<chunk.offset + chunk.count])
      var walk = RecordWalk(bytes: piece)
      while let (header, offset) = walk.next() {
        count(header, UnsafeRawBufferPointer(rebasing: piece[offset..<offset + header.size]))
      }
    }
  }

  private mutating func count(_ header: RecordHeader, _ record: UnsafeRawBufferPointer) {
    switch perf_event_type(header.type) {
    case PERF_RECORD_SAMPLE: samples += 1
    case PERF_RECORD_THROTTLE: throttles += 1
    case PERF_RECORD_LOST where record.count >= 24:
      lost &+= record.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    case PERF_RECORD_LOST_SAMPLES where record.count >= 16:
      lost &+= record.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    default: break
    }
  }
}
