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
    // A plain pprof message begins with field 1, a message: tag 0x0A.
    guard bytes.starts(with: Gzip.magic) || bytes.first == 0x0A else { throw .unknownFormat(file: file) }
    return try PprofReader.read(bytes, file: file, limits: limits)
  }

  private static func lines(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
  }
}
