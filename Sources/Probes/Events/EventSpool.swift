import Glibc
import Model

/// Where the bytes of the rings go while the program runs: an unlinked temporary file.
///
/// A file, because memory of the harness would stand in the way of the program's. Nothing is decoded here: the
/// supervising thread only copies.
struct EventSpool {
  /// Whole records of one ring, in a row.
  struct Chunk: Hashable, Sendable {
    var ring: Int
    var offset: Int
    var count: Int
  }

  private(set) var chunks: [Chunk] = []
  /// Samples that came when the spool was full, or could not be written.
  private(set) var droppedSamples: UInt64 = 0
  /// Why writing failed first; nil when it never did.
  private(set) var writeError: Int32?
  let limit: Int
  private(set) var bytes = 0
  let file: OwnedDescriptor

  /// Makes the file in TMPDIR, /var/tmp or /tmp.
  ///
  /// Throws: `ProbeError.system` when none of them can be written to.
  init(limit: Bytes) throws(ProbeError) {
    self.limit = Int(clamping: max(0, limit.count))
    file = try EventSpool.temporaryFile()
  }

  private static func temporaryFile() throws(ProbeError) -> OwnedDescriptor {
    var failure: Int32 = 0
    let chosen = getenv("TMPDIR").map { String(cString: $0) }
    for folder in [chosen, "/var/tmp", "/tmp"].compactMap({ $0 }) where !folder.isEmpty {
      let path = "\(folder)/heapscale-events-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      let fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if fd >= 0 {
        unlink(path)
        return OwnedDescriptor(fd)
      }
      failure = errno
    }
    throw .system(call: "open", subject: "the file for samples in TMPDIR, /var/tmp and /tmp", errno: failure)
  }

  /// Appends the two pieces of a ring.
  mutating func append(ring: Int, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
    let count = first.count + second.count
    guard bytes + count <= limit, write(first, at: bytes), write(second, at: bytes + first.count) else {
      droppedSamples += EventSpool.samples(in: [UInt8](first) + [UInt8](second))
      return
    }
    chunks.append(Chunk(ring: ring, offset: bytes, count: count))
    bytes += count
  }

  private mutating func write(_ piece: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var written = 0
    while written < piece.count {
      let result = pwrite(
        file.rawValue, piece.baseAddress.map { $0 + written }, piece.count - written, offset + written)
      if result < 0 && errno == EINTR { continue }
      guard result > 0 else {
        writeError = writeError ?? errno
        return false
      }
      written += result
    }
    return true
  }

  private static func samples(in bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
      var walk = RecordWalk(bytes: bytes)
      var samples: UInt64 = 0
      while let record = walk.next() { samples += record.header.isSample ? 1 : 0 }
      return samples
    }
  }
}
