import Model

extension ELFFile {
  /// No name is longer (ELF and the environment know no bound); what is before that is not looked at.
  private static let longestName = 96

  /// The names in the loaded parts of the file that a name ends, itself among them: `_RJEM_MALLOC_CONF` for
  /// `MALLOC_CONF`.
  ///
  /// Strings of C end with NUL. Programs in Go and Rust keep theirs side by side without an end, so that there a name
  /// counts wherever it stands. Throws: `TargetsError.notELF` when a part lies outside of the file.
  public func names(endingWith name: String) throws(TargetsError) -> Set<String> {
    let wanted = Array(name.utf8)
    guard !wanted.isEmpty, wanted.count <= Self.longestName else { return [] }
    guard try !signatures(among: [wanted]).isEmpty else { return [] }
    let isPacked = try !signatures(among: Self.packedStrings).isEmpty
    var found: Set<String> = []
    for segment in segments where segment.type == Self.loadSegment {
      var position: UInt64 = 0
      while position < segment.fileSize {
        // Pieces overlap, so that a name at a border is whole in one of them.
        let count = min(Self.piece + UInt64(2 * Self.longestName), segment.fileSize - position)
        let (start, overflows) = segment.offset.addingReportingOverflow(position)
        guard !overflows else {
          throw TargetsError.notELF(path: path, problem: "a loaded part lies beyond the end of the file")
        }
        let bytes = try source.bytes(at: start, count: count, "a loaded part")
        for hit in bytes.positions(of: wanted) {
          if let text = bytes.name(endingAt: hit, wanted.count, isPacked: isPacked) { found.insert(text) }
        }
        position += Self.piece
      }
    }
    return found
  }

  private static let piece: UInt64 = 4 << 20
  /// What stands in programs of Go (buildinfo.go) and of Rust (paths of its library's sources).
  private static let packedStrings = [[0xFF] + Array(" Go buildinf:".utf8), Array("/rustc/".utf8)]
}

extension [UInt8] {
  /// The name whose last bytes stand at a place; nil when it goes on behind them.
  fileprivate func name(endingAt start: Int, _ length: Int, isPacked: Bool) -> String? {
    let end = start + length
    if !isPacked, end < count, self[end].isOfName { return nil }
    var first = start
    while first > 0, start - first < 48, self[first - 1].isOfName { first -= 1 }
    return String(decoding: self[first..<end], as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var isOfName: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
