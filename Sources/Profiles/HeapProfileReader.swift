/// Reads profiles that programs write, whoever wrote them.
public enum HeapProfileReader {
  /// Reads a file's bytes, gzip or plain; its kind is told by how it begins. `file` is its name for messages.
  ///
  /// Throws: `ProfilesError.damaged` (also for a file that was cut off), `.tooLarge`, `.otherKind` for known files that
  /// are no profiles of memory, and `.unknownFormat` when nothing known begins so.
  public static func read(_ bytes: [UInt8], file: String, limits: PprofReader.Limits = .init())
    throws(ProfilesError) -> RawHeapProfile
  {
    let plain = try PprofReader.expanded(bytes, file: file, limits: limits)
    guard !plain.isEmpty else { throw .damaged(file: file, reason: "is empty: the program wrote nothing") }
    if let refusal = ForeignFormat.refusal(of: plain, file: file) { throw refusal }
    if isBinary(plain) { return try PprofReader.read(plain, file: file, limits: limits) }
    let text = ProfileText(plain, file: file, isHead: isHead)
    guard let head = text.lines.first, isHead(head) else { throw .unknownFormat(file: file) }
    guard head == SymbolSection.start else { return try read(text, hasSymbols: false) }
    let (symbols, rest) = try SymbolSection.read(text)
    return symbols.name(try read(rest, hasSymbols: true))
  }

  private static func read(_ text: ProfileText, hasSymbols: Bool) throws(ProfilesError) -> RawHeapProfile {
    let head = text.lines.first ?? ""
    if head.hasPrefix(GperftoolsReader.start) {
      return try GperftoolsReader.read(text, hasSymbols: hasSymbols)
    }
    if JemallocReader.starts.contains(where: head.hasPrefix) {
      return try JemallocReader.read(text, hasSymbols: hasSymbols)
    }
    throw ForeignFormat.refusal(of: Array(head.utf8), file: text.file) ?? .unknownFormat(file: text.file)
  }

  /// Whether a line begins a profile in text form.
  private static func isHead(_ line: Substring) -> Bool {
    line.hasPrefix(GperftoolsReader.start) || line == SymbolSection.start
      || JemallocReader.starts.contains(where: line.hasPrefix)
  }

  /// Whether this can be a plain pprof message: any field may stand first, but its tags and lengths are control codes
  /// that no text has.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(64).contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x1B }
  }
}
