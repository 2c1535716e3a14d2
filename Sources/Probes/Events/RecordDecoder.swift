import CLinux

/// The ids and the layout of one event: it has an id for each CPU, and all its records bear one of them.
public struct EventLayout: Hashable, Sendable {
  /// The kernel's ids.
  public var ids: [UInt64]
  /// Its fields.
  public var sample: SampleLayout

  /// States an event.
  public init(ids: [UInt64], sample: SampleLayout) {
    self.ids = ids
    self.sample = sample
  }
}

/// Turns the bytes of a record into a value. A pure function of them.
///
/// Source: perf_event_open(2) and linux/perf_event.h. Whatever the bytes are, nothing outside them is read.
public struct RecordDecoder: Sendable {
  /// What an id leads to.
  struct Known: Sendable {
    var event: Int
    var sample: SampleLayout
    var timeInSample: Int?
    var timeFromEnd: Int?
  }

  private var known: [Known]
  private var byID: [UInt64: Int] = [:]
  private let idInSample: Int?
  private let idFromEnd: Int?

  /// Prepares to decode the records of some events; the index of an event is its `EventSample.event`.
  ///
  /// Several events need the field `identifier`, or `id` at the same place: nothing else tells their records apart.
  public init(_ events: [EventLayout]) {
    known = events.enumerated().map { index, event in
      Known(
        event: index, sample: event.sample, timeInSample: event.sample.offsetInSample(.time),
        timeFromEnd: event.sample.distanceFromEnd(.time))
    }
    let layouts = events.map(\.sample)
    idInSample = RecordDecoder.common(
      layouts.map { $0.offsetInSample(.identifier) ?? $0.offsetInSample(.id) })
    idFromEnd = RecordDecoder.common(
      layouts.map { $0.distanceFromEnd(.identifier) ?? $0.distanceFromEnd(.id) })
    for (index, event) in events.enumerated() { event.ids.forEach { byID[$0] = index } }
  }

  private static func common(_ places: [Int?]) -> Int? {
    guard let first = places.first, places.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// Decodes one record with its header; nil for records that say nothing of stacks, mappings or losses.
  ///
  /// Throws: `RecordDamage` when the bytes are not what the kernel writes.
  public func decode(_ record: UnsafeRawBufferPointer) throws(RecordDamage) -> EventRecord? {
    let header = try RecordHeader(record)
    let bytes = UnsafeRawBufferPointer(rebasing: record[..<header.size])
    let known = try known(of: bytes, header)
    if header.type == PERF_RECORD_SAMPLE.rawValue {
      return .sample(try SampleDecoder(layout: known.sample, event: known.event).decode(bytes, header))
    }
    return try SideRecordDecoder(known: known).decode(bytes, header)
  }

  /// Decodes one record.
  ///
  /// Throws: `RecordDamage` when the bytes are not what the kernel writes.
  public func decode(_ record: [UInt8]) throws(RecordDamage) -> EventRecord? {
    let result: Result<EventRecord?, RecordDamage> = record.withUnsafeBytes { bytes in
      Result { () throws(RecordDamage) in try decode(bytes) }
    }
    return try result.get()
  }

  /// When a record was written, without decoding the rest; nil when it does not tell.
  func time(_ bytes: UnsafeRawBufferPointer, _ header: RecordHeader) -> UInt64? {
    guard let known = try? known(of: bytes, header) else { return nil }
    let isSample = header.type == PERF_RECORD_SAMPLE.rawValue
    let offset = isSample ? known.timeInSample : known.timeFromEnd.map { header.size - $0 }
    return offset.flatMap { RecordDecoder.word(bytes, $0) }
  }

  private func known(of bytes: UnsafeRawBufferPointer, _ header: RecordHeader) throws(RecordDamage) -> Known {
    if known.count == 1 { return known[0] }
    let isSample = header.type == PERF_RECORD_SAMPLE.rawValue
    guard let place = isSample ? idInSample : idFromEnd.map({ header.size - $0 }),
      let id = RecordDecoder.word(bytes, place)
    else { throw .truncated(field: "id", type: header.type) }
    guard let index = byID[id] else { throw .unknownEvent(id: id) }
    return known[index]
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64? {
    guard offset >= 8, offset + 8 <= bytes.count else { return nil }
    return bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}

/// The 8 bytes before every record (`perf_event_header`).
struct RecordHeader {
  static let bytes = 8
  let type: UInt32
  let misc: UInt16
  let size: Int

  /// Reads and checks a header.
  init(_ bytes: UnsafeRawBufferPointer) throws(RecordDamage) {
    guard bytes.count >= RecordHeader.bytes else { throw .noHeader(bytes: bytes.count) }
    type = bytes.loadUnaligned(as: UInt32.self)
    misc = bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
    size = Int(clamping: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    guard size >= RecordHeader.bytes, size <= bytes.count else {
      throw .size(stated: size, available: bytes.count)
    }
  }
}
