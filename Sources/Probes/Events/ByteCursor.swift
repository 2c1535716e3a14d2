/// What is wrong with the bytes of a record. The kernel never writes such; a damaged spool or a fault of ours does.
public enum RecordDamage: Error, Hashable, Sendable, CustomStringConvertible {
  /// Fewer bytes than a header has.
  case noHeader(bytes: Int)
  /// The header states a size that cannot be.
  case size(stated: Int, available: Int)
  /// A field would lie beyond the record's end.
  case truncated(field: String, type: UInt32)
  /// The record belongs to an event that was not opened.
  case unknownEvent(id: UInt64)
  /// The kernel's and our place in a ring are further apart than its size.
  case ring(head: UInt64, tail: UInt64, size: Int)

  /// What happened, to what, and what to do next.
  public var description: String {
    let consequence = "it was left out; if this repeats, please report it with the kernel's version"
    return switch self {
    case .noHeader(let bytes):
      "a sampling record has only \(bytes) of the 8 bytes of its header; \(consequence)"
    case .size(let stated, let available):
      "a sampling record states a size of \(stated) bytes where \(available) are there; \(consequence)"
    case .truncated(let field, let type):
      "a sampling record of type \(type) ends before its field \(field); \(consequence)"
    case .unknownEvent(let id):
      "a sampling record belongs to event \(id), which was not opened; \(consequence)"
    case .ring(let head, let tail, let size):
      "a sampling ring of \(size) bytes was written up to \(head) and read up to \(tail); \(consequence)"
    }
  }
}

/// Reads the fields of one record in order, and never past its end.
struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  private let type: UInt32
  private(set) var position: Int
  private let end: Int

  /// Reads from `position` up to `end` of a record of a type.
  init(_ bytes: UnsafeRawBufferPointer, type: UInt32, from position: Int, to end: Int) {
    self.bytes = bytes
    self.type = type
    self.end = max(0, min(end, bytes.count))
    self.position = max(0, min(position, self.end))
  }

  /// Bytes that are left.
  var remaining: Int { end - position }

  /// A number in the machine's byte order, which is the kernel's too.
  mutating func number<T: FixedWidthInteger & BitwiseCopyable>(
    _ field: String, as: T.Type = T.self
  ) throws(RecordDamage) -> T {
    guard remaining >= MemoryLayout<T>.size else { throw .truncated(field: field, type: type) }
    defer { position += MemoryLayout<T>.size }
    return bytes.loadUnaligned(fromByteOffset: position, as: T.self)
  }

  /// So many bytes; a count from the record itself may be anything.
  mutating func take(_ count: UInt64, _ field: String) throws(RecordDamage) -> UnsafeRawBufferPointer {
    guard count <= UInt64(remaining) else { throw .truncated(field: field, type: type) }
    defer { position += Int(clamping: count) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(clamping: count)])
  }

  /// So many numbers of 64 bits.
  mutating func words(_ count: UInt64, _ field: String) throws(RecordDamage) -> UnsafeRawBufferPointer {
    guard count <= UInt64(remaining / 8) else { throw .truncated(field: field, type: type) }
    return try take(count * 8, field)
  }

  /// A name that ends with a NUL, or with the record.
  func text() -> String {
    let rest = bytes[position..<end]
    return String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes as numbers of 64 bits.
  var words: [UInt64] {
    (0..<count / 8).map { loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
  }
}
