/// Counts the entries of a pprof message before it is decoded.
///
/// An entry of two bytes becomes an object of more than a hundred, so that a limit on the bytes alone would
/// not keep a hostile file from taking all memory.
/// Source: protobuf.dev, "Encoding": tags are varints of number and wire type.
struct WireCheck {
  /// Entries that were seen, nested ones too.
  private(set) var entries = 0
  private let bytes: [UInt8]
  private let limit: Int

  /// Prepares to count up to a limit.
  init(_ bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    self.limit = limit
  }

  /// Whether the message stays within the limit. Damage ends the count: the decoder will find it too.
  mutating func fits() -> Bool {
    walk(0..<bytes.count, nested: true)
    return entries <= limit
  }

  private mutating func walk(_ range: Range<Int>, nested: Bool) {
    var position = range.lowerBound
    while position < range.upperBound, entries <= limit, let tag = varint(&position, range.upperBound) {
      entries += 1
      switch tag & 7 {
      case 0: _ = varint(&position, range.upperBound)
      case 1: position += 8
      case 2:
        guard let length = varint(&position, range.upperBound), length <= UInt64(range.upperBound - position)
        else { return }
        let end = position + Int(clamping: length)
        // Texts (6) have no fields inside; samples, mappings, locations and functions do.
        if nested, tag >> 3 != 6 { walk(position..<end, nested: false) }
        position = end
      case 5: position += 4
      default: return
      }
    }
  }

  private func varint(_ position: inout Int, _ end: Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
