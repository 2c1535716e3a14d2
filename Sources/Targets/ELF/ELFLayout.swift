/// Where things stand in an ELF file of a class and byte order.
struct ELFLayout {
  static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
  /// ET_DYN.
  static let sharedObject: UInt64 = 3
  private static let load: UInt64 = 1
  private static let dynamicSegment: UInt64 = 2
  private static let interpreterSegment: UInt64 = 3
  /// PATH_MAX: the kernel refuses longer names.
  private static let longestPath: UInt64 = 4096

  let is64Bit: Bool
  let isLittleEndian: Bool
  let type: UInt64
  let machine: String
  private let header: Fields

  /// Reads the file header.
  init(_ source: ByteSource) throws(TargetsError) {
    let start = try source.bytes(at: 0, count: min(source.size, 64), "the file header")
    guard start.starts(with: ELFLayout.magic) else {
      throw TargetsError.notELF(path: source.path, problem: "is not an ELF file")
    }
    guard start.count >= 52, start[4] == 1 || start[4] == 2, start[5] == 1 || start[5] == 2,
      start[4] == 1 || start.count == 64
    else {
      throw TargetsError.notELF(path: source.path, problem: "has a damaged ELF header")
    }
    is64Bit = start[4] == 2
    isLittleEndian = start[5] == 1
    header = Fields(bytes: start, littleEndian: isLittleEndian)
    type = header.number(16, 2)
    machine = ELFLayout.machineName(header.number(18, 2))
  }

  /// All program headers.
  func segments(_ source: ByteSource) throws(TargetsError) -> [Segment] {
    let start = is64Bit ? header.number(32, 8) : header.number(28, 4)
    let table = try self.table(
      source, start, entry: is64Bit ? header.number(54, 2) : header.number(42, 2),
      count: is64Bit ? header.number(56, 2) : header.number(44, 2), least: is64Bit ? 56 : 32,
      "the table of program headers")
    return table.map { fields in
      is64Bit
        ? Segment(
          type: fields.number(0, 4), offset: fields.number(8, 8), address: fields.number(16, 8),
          fileSize: fields.number(32, 8))
        : Segment(
          type: fields.number(0, 4), offset: fields.number(4, 4), address: fields.number(8, 4),
          fileSize: fields.number(16, 4))
    }
  }

  /// All section headers; none in a file that was stripped of them.
  func sections(_ source: ByteSource) throws(TargetsError) -> [Section] {
    let start = is64Bit ? header.number(40, 8) : header.number(32, 4)
    if start == 0 { return [] }
    let table = try self.table(
      source, start, entry: is64Bit ? header.number(58, 2) : header.number(46, 2),
      count: is64Bit ? header.number(60, 2) : header.number(48, 2), least: is64Bit ? 64 : 40,
      "the table of section headers")
    return table.map { fields in
      is64Bit
        ? Section(
          type: fields.number(4, 4), offset: fields.number(24, 8), size: fields.number(32, 8),
          link: fields.number(40, 4), entrySize: fields.number(56, 8))
        : Section(
          type: fields.number(4, 4), offset: fields.number(16, 4), size: fields.number(20, 4),
          link: fields.number(24, 4), entrySize: fields.number(36, 4))
    }
  }

  /// The dynamic linker's path.
  func interpreter(_ source: ByteSource, _ segments: [Segment]) throws(TargetsError) -> String? {
    guard let segment = segments.first(where: { $0.type == ELFLayout.interpreterSegment }) else { return nil }
    guard segment.fileSize > 0, segment.fileSize <= ELFLayout.longestPath else {
      throw TargetsError.notELF(
        path: source.path, problem: "names its dynamic linker in an impossible length")
    }
    let bytes = try source.bytes(at: segment.offset, count: segment.fileSize, "the dynamic linker's name")
    return Fields(bytes: bytes, littleEndian: isLittleEndian).text(0)
  }

  /// Names of needed libraries (DT_NEEDED) by way of the dynamic segment, which stripping leaves in place.
  func dynamic(_ source: ByteSource, _ segments: [Segment]) throws(TargetsError) -> [String] {
    guard let segment = segments.first(where: { $0.type == ELFLayout.dynamicSegment }) else { return [] }
    let bytes = try source.bytes(at: segment.offset, count: segment.fileSize, "the dynamic section")
    let fields = Fields(bytes: bytes, littleEndian: isLittleEndian)
    let width = is64Bit ? 8 : 4
    var names: [UInt64] = []
    var stringTable: UInt64?
    var stringSize: UInt64 = 0
    for offset in stride(from: 0, to: bytes.count - 2 * width + 1, by: 2 * width) {
      let value = fields.number(offset + width, width)
      switch fields.number(offset, width) {
      case 0: return try strings(source, segments, names, stringTable, stringSize)  // DT_NULL
      case 1: names.append(value)  // DT_NEEDED
      case 5: stringTable = value  // DT_STRTAB
      case 10: stringSize = value  // DT_STRSZ
      default: break
      }
    }
    return try strings(source, segments, names, stringTable, stringSize)
  }

  private func strings(
    _ source: ByteSource, _ segments: [Segment], _ names: [UInt64], _ table: UInt64?, _ size: UInt64
  ) throws(TargetsError) -> [String] {
    guard !names.isEmpty else { return [] }
    guard let table, let offset = fileOffset(of: table, segments) else {
      throw TargetsError.notELF(path: source.path, problem: "has no names for the libraries it needs")
    }
    let bytes = try source.bytes(at: offset, count: size, "the table of dynamic names")
    let fields = Fields(bytes: bytes, littleEndian: isLittleEndian)
    return names.map { fields.text($0) }
  }

  private func fileOffset(of address: UInt64, _ segments: [Segment]) -> UInt64? {
    for segment in segments
    where segment.type == ELFLayout.load && address >= segment.address
      && address - segment.address < segment.fileSize
    {
      let (offset, overflow) = segment.offset.addingReportingOverflow(address - segment.address)
      return overflow ? nil : offset
    }
    return nil
  }

  private func table(
    _ source: ByteSource, _ start: UInt64, entry: UInt64, count: UInt64, least: UInt64, _ what: String
  ) throws(TargetsError) -> [Fields] {
    guard count > 0 else { return [] }
    guard entry >= least else {
      throw TargetsError.notELF(path: source.path, problem: "\(what) has entries that are too short")
    }
    let bytes = try source.bytes(at: start, count: entry * count, what)
    return (0..<Int(clamping: count)).map { index in
      let begin = index * Int(clamping: entry)
      return Fields(bytes: Array(bytes[begin..<begin + Int(clamping: entry)]), littleEndian: isLittleEndian)
    }
  }

  /// Names as `uname -m` gives them (elf.h, EM_*).
  private static func machineName(_ number: UInt64) -> String {
    switch number {
    case 3: "i386"
    case 21: "ppc64"
    case 22: "s390x"
    case 40: "arm"
    case 62: "x86_64"
    case 183: "aarch64"
    case 243: "riscv64"
    default: "machine \(number)"
    }
  }
}
