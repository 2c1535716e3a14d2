/// Reads heap profiles that programs write, whoever wrote them.
public enum HeapProfileReader {
  /// Reads a file's bytes; its kind is told by how it begins. `file` is its name for messages.
  ///
  /// Throws: `ProfilesError.damaged`, `.tooLarge`, and `.unknownFormat` when nothing known begins so.
  public static func read(_ bytes: [UInt8], file: String, limits: PprofReader.Limits = .init())
    throws(ProfilesError) -> RawHeapProfile
  {
    guard bytes.count <= limits.bytes else { throw .tooLarge(file: file, limit: "\(limits.bytes) bytes") }
    if bytes.starts(with: GperftoolsReader.start.utf8) {
      return try GperftoolsReader.read(lines(bytes), file: file)
    }
    if bytes.starts(with: JemallocReader.start.utf8) {
      return try JemallocReader.read(lines(bytes), file: file)
    }
    guard bytes.starts(with: Gzip.magic) || isBinary(bytes) else { throw .unknownFormat(file: file) }
    return try PprofReader.read(bytes, file: file, limits: limits)
  }

  /// Whether this can be a plain pprof message: any field may stand first, but its tags and lengths are control codes
  /// that no text has.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(64).contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
  }

  private static func lines(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
  }
}
