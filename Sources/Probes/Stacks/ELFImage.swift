import Glibc

/// What unwinding and symbols need to know of an ELF file of 64 bits, little-endian (elf(5)).
final class ELFImage {
  /// A PT_LOAD segment.
  struct Segment {
    var address: UInt64
    var memoryLength: UInt64
    var fileOffset: UInt64
    var fileLength: UInt64
    var isExecutable: Bool
  }

  /// A section.
  struct Section {
    var name: String
    var address: UInt64
    var fileOffset: UInt64
    var length: UInt64

    /// Whether an address lies in it.
    func contains(_ place: UInt64) -> Bool { place >= address && place - address < length }

    /// Whether it holds jumps to functions of other files, or of those chosen at start-up.
    var isLinkage: Bool { address != 0 && (name.hasPrefix(".plt") || name.hasPrefix(".iplt")) }
  }

  let bytes: MappedBytes
  let segments: [Segment]
  let sections: [Section]
  /// Address of .eh_frame_hdr, from PT_GNU_EH_FRAME.
  let frameHeader: UInt64?
  /// The entry point.
  let entry: UInt64

  /// Reads the headers; nil when the bytes are no such file.
  init?(bytes: MappedBytes) {
    guard bytes.load(UInt32.self, at: 0) == 0x464C_457F,  // 0x7F E L F
      bytes.load(UInt16.self, at: 4) == 0x0102,  // ELFCLASS64, ELFDATA2LSB
      let entry = bytes.load(UInt64.self, at: 24),
      let (segments, frameHeader) = ELFImage.programHeaders(bytes)
    else { return nil }
    self.bytes = bytes
    self.entry = entry
    self.segments = segments
    self.frameHeader = frameHeader
    sections = ELFImage.sectionHeaders(bytes)
  }

  /// Where code at an offset of the file stands in the file's own addresses.
  func address(ofFileOffset offset: UInt64) -> UInt64? {
    // Mappings begin at a page, segments need not: the first pages may reach before the segment.
    let segment =
      segments.first {
        $0.isExecutable && offset >= $0.fileOffset && offset - $0.fileOffset < $0.fileLength
      } ?? segments.first { $0.isExecutable && offset >= ELFImage.page($0.fileOffset) }
    return segment.map { $0.address &+ offset &- $0.fileOffset }
  }

  /// Where the byte of an address stands in the file; nil when the file does not hold it.
  func fileOffset(ofAddress address: UInt64) -> UInt64? {
    segments.first { address >= $0.address && address - $0.address < $0.fileLength }
      .map { address - $0.address &+ $0.fileOffset }
  }

  /// A number at an address.
  func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, atAddress address: UInt64) -> T? {
    fileOffset(ofAddress: address).flatMap { bytes.load(type, at: $0) }
  }

  /// A section by its name.
  func section(_ name: String) -> Section? { sections.first { $0.name == name } }

  /// Whether code may stand at an address.
  func isCode(_ address: UInt64) -> Bool {
    segments.contains { $0.isExecutable && address >= $0.address && address - $0.address < $0.memoryLength }
  }

  private static func page(_ offset: UInt64) -> UInt64 { offset & ~4095 }

  private static func programHeaders(_ bytes: MappedBytes) -> ([Segment], frameHeader: UInt64?)? {
    guard let table = bytes.load(UInt64.self, at: 32), let size = bytes.load(UInt16.self, at: 54),
      let count = bytes.load(UInt16.self, at: 56)
    else { return nil }
    var segments: [Segment] = []
    var frameHeader: UInt64?
    for index in 0..<UInt64(count) {
      let place = table &+ index * UInt64(size)
      guard let type = bytes.load(UInt32.self, at: place),
        let flags = bytes.load(UInt32.self, at: place &+ 4),
        let offset = bytes.load(UInt64.self, at: place &+ 8),
        let address = bytes.load(UInt64.self, at: place &+ 16),
        let fileLength = bytes.load(UInt64.self, at: place &+ 32),
        let memoryLength = bytes.load(UInt64.self, at: place &+ 40)
      else { return nil }
      if type == 0x6474_E550 { frameHeader = address }  // PT_GNU_EH_FRAME
      guard type == 1, !address.addingReportingOverflow(memoryLength).overflow else { continue }  // PT_LOAD
      segments.append(
        Segment(
          address: address, memoryLength: memoryLength, fileOffset: offset, fileLength: fileLength,
          isExecutable: flags & 1 != 0))
    }
    return segments.isEmpty ? nil : (segments, frameHeader)
  }

  private static func sectionHeaders(_ bytes: MappedBytes) -> [Section] {
    guard let table = bytes.load(UInt64.self, at: 40), table != 0, let size = bytes.load(UInt16.self, at: 58),
      let count = bytes.load(UInt16.self, at: 60), let namesIndex = bytes.load(UInt16.self, at: 62),
      let names = bytes.load(UInt64.self, at: table &+ UInt64(namesIndex) * UInt64(size) &+ 24)
    else { return [] }
    return (0..<UInt64(count)).compactMap { index in
      let place = table &+ index * UInt64(size)
      guard let name = bytes.load(UInt32.self, at: place), let type = bytes.load(UInt32.self, at: place &+ 4),
        type != 8,  // SHT_NOBITS: nothing in the file
        let address = bytes.load(UInt64.self, at: place &+ 16),
        let offset = bytes.load(UInt64.self, at: place &+ 24),
        let length = bytes.load(UInt64.self, at: place &+ 32),
        let text = bytes.text(at: names &+ UInt64(name))
      else { return nil }
      return Section(name: text, address: address, fileOffset: offset, length: length)
    }
  }
}
