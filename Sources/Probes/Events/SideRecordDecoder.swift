import CLinux

/// Decodes the records beside the samples: mappings, execs, forks, losses.
struct SideRecordDecoder {
  let known: RecordDecoder.Known

  /// Decodes a record with its header; nil for kinds that nobody asks for.
  func decode(
    _ bytes: UnsafeRawBufferPointer, _ header: RecordHeader
  ) throws(RecordDamage) -> EventRecord? {
    let end = header.size - known.sample.trailerBytes
    guard end >= RecordHeader.bytes else { throw .truncated(field: "sample id", type: header.type) }
    var cursor = ByteCursor(bytes, type: header.type, from: RecordHeader.bytes, to: end)
    let time = known.timeFromEnd.map {
      bytes.loadUnaligned(fromByteOffset: header.size - $0, as: UInt64.self)
    }
    switch perf_event_type(header.type) {
    case PERF_RECORD_MMAP: return .mapped(try mapping(&cursor, header, time: time, isExtended: false))
    case PERF_RECORD_MMAP2: return .mapped(try mapping(&cursor, header, time: time, isExtended: true))
    case PERF_RECORD_COMM: return try comm(&cursor, header, time: time)
    case PERF_RECORD_FORK: return try fork(&cursor)
    case PERF_RECORD_LOST:
      _ = try cursor.words(1, "id")
      return .lost(try cursor.number("lost"))
    case PERF_RECORD_LOST_SAMPLES: return .lost(try cursor.number("lost"))
    default: return nil
    }
  }

  private func mapping(
    _ cursor: inout ByteCursor, _ header: RecordHeader, time: UInt64?, isExtended: Bool
  ) throws(RecordDamage) -> MappedRegion {
    let pid: Int32 = try cursor.number("pid")
    _ = try cursor.number("tid", as: Int32.self)
    let start: UInt64 = try cursor.number("address")
    let length: UInt64 = try cursor.number("length")
    let offset: UInt64 = try cursor.number("file offset")
    var isExecutable = UInt32(clamping: header.misc) & UInt32(PERF_RECORD_MISC_MMAP_DATA) == 0
    var isShared = false
    if isExtended {
      _ = try cursor.take(24, "inode or build id")
      let protection: UInt32 = try cursor.number("protection")
      let flags: UInt32 = try cursor.number("flags")
      isShared = flags & 0xF == 1 || flags & 0xF == 3  // MAP_SHARED, MAP_SHARED_VALIDATE
      isExecutable = protection & 4 != 0  // PROT_EXEC
    }
    var region = MappedRegion(
      pid: pid, start: start, length: length, fileOffset: offset, path: cursor.text(),
      isExecutable: isExecutable, time: time ?? 0)
    region.isShared = isShared
    return region
  }

  /// Only a change of name by exec says that the mappings are gone.
  private func comm(
    _ cursor: inout ByteCursor, _ header: RecordHeader, time: UInt64?
  ) throws(RecordDamage) -> EventRecord? {
    let pid: Int32 = try cursor.number("pid")
    guard UInt32(clamping: header.misc) & UInt32(PERF_RECORD_MISC_COMM_EXEC) != 0 else { return nil }
    return .exec(pid: pid, time: time ?? 0)
  }

  /// A new thread of the same process is no news: it has the mappings already.
  private func fork(_ cursor: inout ByteCursor) throws(RecordDamage) -> EventRecord? {
    let pid: Int32 = try cursor.number("pid")
    let parent: Int32 = try cursor.number("parent")
    _ = try cursor.number("threads", as: UInt64.self)
    let time: UInt64 = try cursor.number("time")
    return pid == parent ? nil : .forked(pid: pid, parent: parent, time: time)
  }
}
