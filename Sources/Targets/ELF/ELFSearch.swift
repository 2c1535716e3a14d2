import Glibc

extension ELFFile {
  private static let symbolTable: UInt64 = 2
  private static let dynamicSymbolTable: UInt64 = 11
  static let loadSegment: UInt64 = 1
  /// A larger table of names belongs to no program that is measured here; it is not read.
  private static let largestNameTable: UInt64 = 1 << 30

  /// Which of the names the file defines (its full symbol table, when there is one, and the dynamic one).
  ///
  /// Throws: `TargetsError.notELF` when a table is damaged.
  public func defined(among names: [String]) throws(TargetsError) -> [String] {
    let found = try addresses(of: names)
    return names.filter { found[$0] != nil }
  }

  /// The addresses of the names that the file defines; to be added to where it is loaded if it is a shared object.
  ///
  /// Throws: `TargetsError.notELF` when a table is damaged.
  public func addresses(of names: [String]) throws(TargetsError) -> [String: UInt64] {
    let wanted = Set(names)
    var found: [String: UInt64] = [:]
    for table in sections where table.type == Self.symbolTable || table.type == Self.dynamicSymbolTable {
      found.merge(try definitions(in: table, wanted)) { first, _ in first }
    }
    return found
  }

  /// Whether other objects see a function that the file defines: the dynamic symbol table names it.
  public func exports(_ name: String) throws(TargetsError) -> Bool {
    for table in sections where table.type == Self.dynamicSymbolTable {
      if try definitions(in: table, [name])[name] != nil { return true }
    }
    return false
  }

  private func definitions(in table: Section, _ wanted: Set<String>) throws(TargetsError) -> [String: UInt64]
  {
    let width: UInt64 = is64Bit ? 24 : 16
    guard table.entrySize == width, let index = Int(exactly: table.link), index < sections.count,
      sections[index].size <= Self.largestNameTable
    else {
      throw TargetsError.notELF(path: path, problem: "has a damaged symbol table")
    }
    let names = Fields(
      bytes: try source.bytes(at: sections[index].offset, count: sections[index].size, "the symbol names"),
      littleEndian: isLittleEndian)
    let symbols = Fields(
      bytes: try source.bytes(at: table.offset, count: table.size, "the symbol table"),
      littleEndian: isLittleEndian)
    let sectionOffset = is64Bit ? 6 : 14
    let valueOffset = is64Bit ? 8 : 4
    var found: [String: UInt64] = [:]
    for offset in stride(
      from: 0, to: symbols.bytes.count - Int(clamping: width) + 1, by: Int(clamping: width))
    where symbols.number(offset + sectionOffset, 2) != 0 {  // SHN_UNDEF: used, not defined
      let name = names.text(symbols.number(offset, 4))
      if wanted.contains(name) { found[name] = symbols.number(offset + valueOffset, is64Bit ? 8 : 4) }
    }
    return found
  }

  /// Which of the byte signatures stand in the parts of the file that are loaded, by index.
  ///
  /// Only loaded parts count, so that a name in debug information is not taken for code.
  public func signatures(among signatures: [[UInt8]]) throws(TargetsError) -> [Int] {
    let longest = signatures.map(\.count).max() ?? 0
    guard longest > 0 else { return [] }
    var found: Set<Int> = []
    for segment in segments where segment.type == Self.loadSegment {
      found.formUnion(try search(segment, signatures, overlap: UInt64(longest - 1)))
    }
    return found.sorted()
  }

  private func search(_ segment: Segment, _ signatures: [[UInt8]], overlap: UInt64) throws(TargetsError)
    -> Set<Int>
  {
    let piece: UInt64 = 4 << 20
    var found: Set<Int> = []
    var position: UInt64 = 0
    while position < segment.fileSize {
      let count = min(piece + overlap, segment.fileSize - position)
      let (start, overflow) = segment.offset.addingReportingOverflow(position)
      guard !overflow else {
        throw TargetsError.notELF(path: path, problem: "a loaded part lies beyond the end of the file")
      }
      let bytes = try source.bytes(at: start, count: count, "a loaded part")
      for (index, signature) in signatures.enumerated() where !signature.isEmpty {
        if !found.contains(index), bytes.holds(signature) { found.insert(index) }
      }
      position += piece
    }
    return found
  }
}

extension [UInt8] {
  /// Whether the bytes stand somewhere within these. By memchr and memcmp, since a loop over megabytes takes
  /// seconds in an unoptimised build; memmem is hidden behind _GNU_SOURCE.
  fileprivate func holds(_ needle: [UInt8]) -> Bool { !positions(of: needle, most: 1).isEmpty }

  /// Where the bytes stand within these, in order.
  func positions(of needle: [UInt8], most: Int = .max) -> [Int] {
    guard let first = needle.first, needle.count <= count else { return [] }
    return withUnsafeBytes { hay in
      guard let start = hay.baseAddress else { return [] }
      var found: [Int] = []
      var position = start
      var left = count - needle.count + 1
      while found.count < most, let hit = memchr(position, CInt(first), left) {
        if needle.withUnsafeBytes({ memcmp(hit, $0.baseAddress ?? UnsafeRawPointer(hit), $0.count) }) == 0 {
          found.append(UnsafeRawPointer(hit) - start)
        }
        left -= UnsafeRawPointer(hit) - position + 1
        position = UnsafeRawPointer(hit) + 1
      }
      return found
    }
  }
}
