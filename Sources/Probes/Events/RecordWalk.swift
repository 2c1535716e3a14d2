import CLinux

/// Steps from record to record through the bytes of a chunk.
struct RecordWalk {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  /// Set when a header stopped the walk before the end: what follows cannot be found.
  private(set) var damage: RecordDamage?

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next record: its header, and where it begins.
  mutating func next() -> (header: RecordHeader, offset: Int)? {
    guard position < bytes.count else { return nil }
    do {
      let header = try RecordHeader(UnsafeRawBufferPointer(rebasing: bytes[position...]))
      defer { position += header.size }
      return (header, position)
    } catch {
      damage = error
      position = bytes.count
      return nil
    }
  }
}

extension RecordHeader {
  /// Whether it begins a PERF_RECORD_SAMPLE.
  var isSample: Bool { type == PERF_RECORD_SAMPLE.rawValue }
}
