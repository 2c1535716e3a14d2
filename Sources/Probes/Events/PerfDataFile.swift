import Glibc
import Model

/// A recording that perf(1) wrote, on this machine or another one: `perf mem record`, `perf record -e page-faults -g`.
///
/// Source: tools/perf/Documentation/perf.data-file-format.txt and linux/perf_event.h. The file is mapped, and every number in it
/// is checked against the file's length before it is followed.
public struct PerfDataFile {
  /// The events with their ids, in the order of the file.
  public let events: [(event: SampledEvent, layout: EventLayout)]
  /// What the file tells of the machine; never its name.
  public let host: [HostFact]
  /// The command line of perf; empty when the file does not tell.
  public let commandLine: [String]
  /// Build-ids in hexadecimal digits by path, as perf found them when it had recorded.
  public let buildIDs: [String: String]
  /// Size of a page of that machine; nil when it cannot be told.
  public let pageBytes: Int?
  /// Samples for which there is no table, and why.
  public let missing: [Unavailability]
  private let bytes: MappedBytes
  private let data: Range<UInt64>
  private let path: String

  /// Whether a file says that it is one, in whatever order of bytes.
  public static func isOne(_ path: String) -> Bool {
    guard let head = ProcText.bytes(path, atMost: 8) else { return false }
    return [magic, foreign, old].contains(head)
  }

  private static let magic = Array("PERFILE2".utf8)
  private static let foreign = Array("2ELIFREP".utf8)
  private static let old = Array("PERFFILE".utf8)

  /// Reads head, attributes and features.
  ///
  /// Throws: `ProbeError.unreadableRecording` with the place of what is wrong.
  public init(path: String) throws(ProbeError) {
    func refused(_ detail: String) -> ProbeError { .unreadableRecording(file: path, detail: detail) }
    guard let bytes = MappedBytes(path: path) else { throw refused("it cannot be read, or is empty") }
    let head = (0..<UInt64(8)).compactMap { bytes.load(UInt8.self, at: $0) }
    guard head != PerfDataFile.foreign else {
      throw refused("it is of a machine with the other order of bytes; `perf report` there reads it")
    }
    guard head == PerfDataFile.magic else { throw refused("it does not begin as perf.data of today") }
    guard let size = bytes.load(UInt64.self, at: 8), size != 16 else {
      throw refused("perf wrote it to a pipe, without a head; record it with `perf record -o FILE`")
    }
    guard size >= 104, let each = bytes.load(UInt64.self, at: 16), (64 + 16...4096).contains(each),
      let attributes = PerfDataFile.section(bytes, at: 24), let data = PerfDataFile.section(bytes, at: 40)
    else { throw refused("its head is damaged: it was cut short, or perf did not come to its end") }
    guard !data.isEmpty else {
      throw refused(
        "its head says that it has no records: perf was killed, or nothing was recorded; record it again and end perf by Ctrl-C"
      )
    }
    self.path = path
    self.bytes = bytes
    self.data = data
    let features = PerfDataFile.features(bytes, behind: data.upperBound)
    let names = PerfDataFile.names(bytes, features[12])
    let units = PerfDataFile.units(bytes, features[15])
    let host = PerfDataFile.facts(bytes, features)
    pageBytes = PerfDataFile.pageBytes(of: host.first { $0.name == "architecture" }?.value)
    var events: [(SampledEvent, EventLayout)] = []
    var missing: [Unavailability] = []
    for place in stride(from: attributes.lowerBound, to: attributes.upperBound, by: Int(clamping: each)) {
      guard
        let attribute = PerfAttribute(bytes, at: place, length: each - 16, knowsPages: pageBytes != nil),
        let ids = PerfDataFile.section(bytes, at: place &+ each &- 16)
      else { throw refused("the attributes at byte \(place) are damaged") }
      guard attribute.hasTrailers else {
        throw refused(
          "its records do not say when they were written; record it without --no-samples and with perf of today"
        )
      }
      let numbers = stride(from: ids.lowerBound, to: ids.upperBound, by: 8).compactMap {
        bytes.load(UInt64.self, at: $0)
      }
      // Records of no event in particular bear the id 0.
      let own = events.isEmpty ? numbers + [0] : numbers
      let name = names.indices.contains(events.count) ? names[events.count] : attribute.name(units)
      events.append((attribute.event(name), EventLayout(ids: own, sample: attribute.layout)))
      if let obstacle = attribute.obstacle {
        missing.append(
          Unavailability(what: "samples of \(name)", reason: obstacle.reason, remedy: obstacle.remedy))
      }
    }
    guard !events.isEmpty else { throw refused("it has no events") }
    self.events = events
    self.missing = missing
    self.host = host
    commandLine = PerfDataFile.texts(bytes, features[11])
    buildIDs = PerfDataFile.buildIDs(bytes, features[2])
  }

  /// The records, in the order of time.
  ///
  /// Throws: `ProbeError` when there is no room for a copy of them, or the file holds some that cannot be read here.
  public func recording() throws(ProbeError) -> EventRecording {
    let decoder = RecordDecoder(events.count == 1 ? [events[0].layout] : events.map(\.layout))
    var places: [(time: UInt64, place: Range<Int>)] = []
    var latest: UInt64 = 0
    var walk = Walk(
      base: bytes.base, place: Int(clamping: data.lowerBound), end: Int(clamping: data.upperBound))
    while let (header, place) = walk.next() {
      // What perf itself writes, beside what the kernel wrote.
      guard header.type < 64 else {
        if header.type == Walk.compressed || header.type == Walk.compressed2 {
          throw .unreadableRecording(
            file: path,
            detail:
              "its records are compressed; record without -z")
        }
        continue
      }
      let record = UnsafeRawBufferPointer(rebasing: bytes.base[place])
      latest = decoder.time(record, header) ?? latest
      places.append((latest, place))
    }
    // Stable: what was written at one time stays in its order.
    let sorted = places.indices.sorted { (places[$0].time, $0) < (places[$1].time, $1) }
    var spool = try EventSpool(limit: Bytes(Int64(bytes.count)))
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    for index in sorted {
      spool.append(ring: 0, UnsafeRawBufferPointer(rebasing: bytes.base[places[index].place]), nothing)
    }
    if let number = spool.writeError {
      throw .system(call: "write", subject: "the file for samples in TMPDIR", errno: number)
    }
    let side = (EventRecording.sideEvent, EventLayout(ids: [], sample: events[0].layout.sample))
    return EventRecording(
      events: events + [side], spool: spool, mappings: [], missing: missing,
      notes: walk.isCut
        ? ["\(path) ends within a record, or is damaged: what stands behind byte \(walk.place) is missing"]
        : [],
      damagedRings: walk.isCut ? 1 : 0, decoder: decoder)
  }

  /// Goes from record to record; stops at damage.
  private struct Walk {
    static let compressed: UInt32 = 81
    static let compressed2: UInt32 = 83
    private static let auxiliary: UInt32 = 71
    let base: UnsafeRawBufferPointer
    private(set) var place: Int
    let end: Int
    private(set) var isCut = false

    init(base: UnsafeRawBufferPointer, place: Int, end: Int) {
      self.base = base
      self.place = place
      self.end = end
    }

    mutating func next() -> (RecordHeader, Range<Int>)? {
      guard place < end else { return nil }
      guard let header = try? RecordHeader(UnsafeRawBufferPointer(rebasing: base[place..<end])) else {
        isCut = true
        return nil
      }
      let record = place..<place + header.size
      place = record.upperBound
      // What a tracer wrote follows its record, and is none.
      if header.type == Walk.auxiliary, header.size >= 16 {
        let length = base.loadUnaligned(fromByteOffset: record.lowerBound + 8, as: UInt64.self)
        guard let length = Int(exactly: length), length <= end - place else {
          isCut = true
          return nil
        }
        place += length
      }
      return (header, record)
    }
  }
}

// MARK: - Sections and features

extension PerfDataFile {
  /// A place and a length that stand at an offset, when the file is so long.
  private static func section(_ bytes: MappedBytes, at place: UInt64) -> Range<UInt64>? {
    guard let start = bytes.load(UInt64.self, at: place), let length = bytes.load(UInt64.self, at: place &+ 8)
    else { return nil }
    let (end, isTooFar) = start.addingReportingOverflow(length)
    guard !isTooFar, end <= UInt64(bytes.count) else { return nil }
    return start..<end
  }

  /// The sections behind the data, one for each bit in the head, by the number of the bit.
  private static func features(_ bytes: MappedBytes, behind end: UInt64) -> [Int: Range<UInt64>] {
    var result: [Int: Range<UInt64>] = [:]
    var place = end
    for word in 0..<4 {
      guard let bits = bytes.load(UInt64.self, at: 72 + 8 * UInt64(word)) else { break }
      for bit in 0..<64 where bits >> UInt64(bit) & 1 == 1 {
        result[64 * word + bit] = section(bytes, at: place)
        place &+= 16
      }
    }
    return result
  }

  /// A text with its length before it, and where it ends.
  private static func text(_ bytes: MappedBytes, _ place: inout UInt64, end: UInt64) -> String? {
    guard let length = bytes.load(UInt32.self, at: place), place &+ 4 <= end,
      UInt64(length) <= end - (place &+ 4)
    else {
      return nil
    }
    let result = bytes.text(at: place &+ 4)
    place &+= 4 &+ UInt64(length)
    return result
  }

  private static func texts(_ bytes: MappedBytes, _ section: Range<UInt64>?) -> [String] {
    guard let section, let count = bytes.load(UInt32.self, at: section.lowerBound) else { return [] }
    var place = section.lowerBound &+ 4
    var result: [String] = []
    while result.count < count, let text = text(bytes, &place, end: section.upperBound) {
      result.append(text)
    }
    return result
  }

  /// HEADER_EVENT_DESC: names in the order of the attributes.
  private static func names(_ bytes: MappedBytes, _ section: Range<UInt64>?) -> [String] {
    guard let section, let count = bytes.load(UInt32.self, at: section.lowerBound),
      let size = bytes.load(UInt32.self, at: section.lowerBound &+ 4)
    else { return [] }
    var place = section.lowerBound &+ 8
    var result: [String] = []
    while result.count < count {
      place &+= UInt64(size)
      guard let ids = bytes.load(UInt32.self, at: place) else { break }
      place &+= 4
      guard let name = text(bytes, &place, end: section.upperBound) else { break }
      result.append(name)
      place &+= 8 &* UInt64(ids)
    }
    return result
  }

  /// HEADER_PMU_MAPPINGS: names of PMUs by their type on that machine.
  private static func units(_ bytes: MappedBytes, _ section: Range<UInt64>?) -> [UInt32: String] {
    guard let section, let count = bytes.load(UInt32.self, at: section.lowerBound) else { return [:] }
    var place = section.lowerBound &+ 4
    var result: [UInt32: String] = [:]
    while result.count < count, let type = bytes.load(UInt32.self, at: place) {
      place &+= 4
      guard let name = text(bytes, &place, end: section.upperBound) else { break }
      result[type] = name
    }
    return result
  }

  /// HEADER_BUILD_ID: records of a process, 20 bytes and a path.
  private static func buildIDs(_ bytes: MappedBytes, _ section: Range<UInt64>?) -> [String: String] {
    guard let section else { return [:] }
    var result: [String: String] = [:]
    var place = section.lowerBound
    while place < section.upperBound, let misc = bytes.load(UInt16.self, at: place &+ 4),
      let size = bytes.load(UInt16.self, at: place &+ 6), size > 36
    {
      // PERF_RECORD_MISC_BUILD_ID_SIZE: the length stands behind the digits.
      let stated = misc & 1 << 15 != 0 ? bytes.load(UInt8.self, at: place &+ 32) ?? 20 : 20
      let digits = (0..<UInt64(min(stated, 20))).compactMap { bytes.load(UInt8.self, at: place &+ 12 &+ $0) }
      if let path = bytes.text(at: place &+ 36) {
        result[path] = digits.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      }
      place &+= UInt64(size)
    }
    return result
  }

  /// The file does not tell; of x86 there is one size, and this machine knows its own.
  private static func pageBytes(of architecture: String?) -> Int? {
    if architecture.map(["x86_64", "i686", "i586", "i386"].contains) == true { return 4096 }
    let own = HostFacts.read().first { $0.name == "architecture" }?.value
    return architecture != nil && architecture == own ? Int(clamping: sysconf(Int32(_SC_PAGESIZE))) : nil
  }

  /// OSRELEASE 4, VERSION 5, ARCH 6, CPUDESC 8; the name of the machine, 3, stays where it is.
  private static func facts(_ bytes: MappedBytes, _ features: [Int: Range<UInt64>]) -> [HostFact] {
    [(8, "cpu_model"), (6, "architecture"), (4, "kernel"), (5, "perf")].compactMap { bit, name in
      guard let section = features[bit] else { return nil }
      var place = section.lowerBound
      return text(bytes, &place, end: section.upperBound).map { HostFact(name: name, value: $0) }
    }
  }
}

/// `perf_event_attr`, as far as it shapes records; fields that an old perf did not know are 0.
private struct PerfAttribute {
  let type: UInt32
  let config: UInt64
  let period: UInt64
  let flags: UInt64
  let layout: SampleLayout
  private let knowsPages: Bool

  init?(_ bytes: MappedBytes, at place: UInt64, length: UInt64, knowsPages: Bool) {
    self.knowsPages = knowsPages
    func number<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, _ offset: UInt64) -> T {
      offset + UInt64(MemoryLayout<T>.size) <= length ? bytes.load(type, at: place &+ offset) ?? 0 : 0
    }
    guard bytes.load(UInt8.self, at: place &+ length &- 1) != nil else { return nil }
    type = number(UInt32.self, 0)
    config = number(UInt64.self, 8)
    flags = number(UInt64.self, 40)
    // By frequency the number is samples a second.
    period = flags & 1 << 10 == 0 ? number(UInt64.self, 16) : 0
    layout = SampleLayout(
      fields: SampleLayout.Fields(rawValue: number(UInt64.self, 24)), readFormat: number(UInt64.self, 32),
      userRegisterMask: number(UInt64.self, 80), interruptRegisterMask: number(UInt64.self, 96),
      branchType: number(UInt64.self, 72), period: max(1, period))
  }

  /// Bit 18, `sample_id_all`: all records end with time and id.
  var hasTrailers: Bool { flags & 1 << 18 != 0 }

  /// PERF_COUNT_SW_PAGE_FAULTS, _MIN and _MAJ.
  private var isPageFault: Bool { type == 1 && [2, 5, 6].contains(config) }

  /// Bit 10, `freq`: the kernel changes the period all the time, and each sample tells its own.
  var isByFrequency: Bool { flags & 1 << 10 != 0 }

  /// Why its samples do not become a table; nil when they do.
  var obstacle: (reason: String, remedy: String)? {
    guard isPageFault else {
      guard layout.fields.contains(.dataSource) else {
        return (
          "tables are made of page faults and of loads and stores with their data source",
          "`perf report` shows them"
        )
      }
      return isByFrequency && !layout.fields.contains(.period)
        ? ("they were taken by frequency and do not tell their period", "record with --period") : nil
    }
    if !knowsPages {
      return ("the file does not say how large that machine's pages are", "profile it there")
    }
    if isByFrequency {
      return (
        "they were taken by frequency, so that pages between two samples are not known",
        "record every fault: perf record -c 1 -e page-faults -d -g"
      )
    }
    if !layout.fields.contains(.address) {
      return (
        "they have no address, so that a page that faults twice cannot be told from two",
        "record with addresses: perf record -c 1 -e page-faults -d -g"
      )
    }
    return nil
  }

  func name(_ units: [UInt32: String]) -> String {
    if isPageFault { return config == 2 ? "page-faults" : config == 5 ? "minor-faults" : "major-faults" }
    let unit =
      units[type] ?? ["hardware", "software", "tracepoint", "cache", "cpu", "breakpoint"][safe: type]
      ?? "pmu-\(type)"
    return "\(unit)/config=0x\(String(config, radix: 16))/"
  }

  /// What its samples are: of loads and stores the data source decides, unless the name says that there is only one kind.
  func event(_ name: String) -> SampledEvent {
    let lower = name.lowercased()
    let kind: SampledEvent.Kind =
      if isPageFault {
        // Without a data source it is no operation that anything is counted of.
        obstacle == nil ? .pageFaults : .operations
      } else if lower.contains("mem-loads") || lower.contains("load_latency") {
        .loads
      } else if lower.contains("mem-stores") {
        .stores
      } else {
        .operations
      }
    return SampledEvent(
      name: name, kind: kind, period: isByFrequency ? 0 : max(1, period), excludesKernel: flags & 1 << 5 != 0,
      precision: Int(clamping: flags >> 15 & 3))
  }
}

extension [String] {
  fileprivate subscript(safe index: UInt32) -> String? {
    Int(exactly: index).flatMap { indices.contains($0) ? self[$0] : nil }
  }
}
