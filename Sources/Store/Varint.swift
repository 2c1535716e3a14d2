/// Writes whole numbers in as few bytes as they need.
///
/// Unsigned numbers are LEB128: seven bits a byte, lowest first, the top bit set on all but the last.
/// Signed numbers are mapped to unsigned ones by zigzag (0, -1, 1, -2 … become 0, 1, 2, 3 …) so that small
/// differences of either sign are short. Source: https://protobuf.dev/programming-guides/encoding/
struct VarintWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(clamping: rest))
  }

  mutating func signed(_ value: Int64) {
    unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  mutating func text(_ value: String) {
    unsigned(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }
}

/// Reads what `VarintWriter` wrote, and refuses everything else.
struct VarintReader {
  /// Why bytes could not be read.
  enum Failure: Error, Hashable {
    /// The bytes end in the middle of a number or text.
    case ended(at: Int)
    /// A number has more than 64 bits.
    case tooLong(at: Int)
    /// A text is not UTF-8, or a byte has a value without meaning.
    case meaningless(at: Int)
  }

  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left.
  var remaining: Int { bytes.count - offset }

  mutating func byte() throws(Failure) -> UInt8 {
    guard offset < bytes.count else { throw .ended(at: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func unsigned() throws(Failure) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let next = try byte()
      // The tenth byte has room for one bit only.
      if shift == 63 && next > 1 { throw .tooLong(at: offset) }
      result |= UInt64(next & 0x7F) << UInt64(shift)
      if next < 0x80 { return result }
    }
    throw .tooLong(at: offset)
  }

  mutating func signed() throws(Failure) -> Int64 {
    let value = try unsigned()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A count of things that take at least one byte each: a count beyond the bytes left is refused before
  /// anything is reserved for it.
  mutating func count() throws(Failure) -> Int {
    let value = try unsigned()
    guard value <= UInt64(remaining) else { throw .ended(at: offset) }
    return Int(clamping: value)
  }

  mutating func text() throws(Failure) -> String {
    let length = try count()
    defer { offset += length }
    guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else {
      throw .meaningless(at: offset)
    }
    return text
  }
}
