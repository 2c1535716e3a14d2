import SystemPackage

/// A file that is read piece by piece, never beyond its end.
///
/// Pieces by pread instead of one mapping: a mapped file that somebody shortens kills the reader with SIGBUS.
final class ByteSource: Sendable {
  let path: String
  let size: UInt64
  private let descriptor: FileDescriptor

  /// Throws: `TargetsError.file` when it cannot be opened.
  init(path: String) throws(TargetsError) {
    self.path = path
    do {
      descriptor = try FileDescriptor.open(
        Files.filePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
    } catch {
      throw TargetsError.file(path: path, problem: "cannot be opened: \(error)")
    }
    guard Files.isRegular(path) else {
      try? descriptor.close()
      throw TargetsError.notELF(path: path, problem: "it is no regular file")
    }
    size = Files.stamp(path).map { UInt64(max(0, $0.size)) } ?? 0
  }

  deinit { try? descriptor.close() }

  /// Exactly `count` bytes.
  ///
  /// Throws: `TargetsError.notELF` when they are not all in the file; `what` names them.
  func bytes(at offset: UInt64, count: UInt64, _ what: String) throws(TargetsError) -> [UInt8] {
    let (end, overflow) = offset.addingReportingOverflow(count)
    guard !overflow, end <= size else {
      throw TargetsError.notELF(path: path, problem: "\(what) lies beyond the end of the file")
    }
    let length = Int(clamping: count)
    var result = [UInt8](repeating: 0, count: length)
    var filled = 0
    while filled < length {
      let got: Int
      do {
        got = try result.withUnsafeMutableBytes { buffer in
          try descriptor.read(
            fromAbsoluteOffset: Int64(offset) + Int64(filled),
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        }
      } catch {
        throw TargetsError.file(path: path, problem: "cannot be read: \(error)")
      }
      guard got > 0 else {
        throw TargetsError.notELF(path: path, problem: "\(what) lies beyond the end of the file")
      }
      filled += got
    }
    return result
  }
}

/// Numbers within a piece of an ELF file, in its byte order.
struct Fields {
  let bytes: [UInt8]
  let littleEndian: Bool

  /// An unsigned number of `width` bytes; 0 beyond the end, which callers rule out by sizes they checked.
  func number(_ offset: Int, _ width: Int) -> UInt64 {
    guard offset >= 0, offset + width <= bytes.count else { return 0 }
    let piece = bytes[offset..<offset + width]
    let ordered = littleEndian ? Array(piece.reversed()) : Array(piece)
    return ordered.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The text from an offset to the next zero byte; empty beyond the end.
  func text(_ offset: UInt64) -> String {
    guard let start = Int(exactly: offset), start < bytes.count else { return "" }
    return String(decoding: bytes[start...].prefix { $0 != 0 }, as: UTF8.self)
  }
}
