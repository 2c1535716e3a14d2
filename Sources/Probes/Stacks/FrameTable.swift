/// The sorted table by which the unwinder finds a function's entry in .eh_frame.
///
/// Pairs of int32, relative to `base`: where a function starts, where its description (FDE) stands. The linker writes
/// one into .eh_frame_hdr; without it (`gcc -static`) it is made here by walking .eh_frame.
/// Source: Linux Standard Base, "DWARF Extensions", and DWARF 5, 6.4.
struct FrameTable {
  /// Addresses of the file.
  var base: UInt64
  /// Where the linker's table stands; nil for one that was made here.
  var address: UInt64?
  var pairs: Int
  /// The table that was made here.
  var made: MappedBytes?

  /// The table of a file; nil when it has no unwind entries.
  init?(_ image: ELFImage) {
    if let linked = FrameTable(linkedInto: image) {
      self = linked
    } else if let made = FrameTable(walking: image) {
      self = made
    } else {
      return nil
    }
  }

  private init?(linkedInto image: ELFImage) {
    // Version 1; FDE count as udata4; table as sdata4 relative to the header: the only form libunwind searches.
    guard let header = image.frameHeader, image.load(UInt8.self, atAddress: header) == 1,
      let pointerForm = image.load(UInt8.self, atAddress: header &+ 1),
      image.load(UInt8.self, atAddress: header &+ 2) == 0x03,
      image.load(UInt8.self, atAddress: header &+ 3) == 0x3B, pointerForm & 0x0F == 0x0B,
      let count = image.load(UInt32.self, atAddress: header &+ 8), count > 0
    else { return nil }
    base = header
    address = header &+ 12
    pairs = Int(clamping: count)
  }

  private init?(walking image: ELFImage) {
    guard let section = image.section(".eh_frame"), section.length > 0 else { return nil }
    var walk = FrameWalk(image: image, section: section)
    let found = walk.entries().sorted { $0.start < $1.start }
    guard !found.isEmpty else { return nil }
    var table: [UInt8] = []
    table.reserveCapacity(found.count * 8)
    for entry in found {
      for value in [entry.start, entry.description] {
        let distance = Int64(bitPattern: value &- section.address)
        guard let short = Int32(exactly: distance) else { return nil }
        withUnsafeBytes(of: short.littleEndian) { table.append(contentsOf: $0) }
      }
    }
    base = section.address
    pairs = found.count
    made = MappedBytes(copying: table)
  }
}

/// Goes through .eh_frame from one record to the next.
private struct FrameWalk {
  struct Entry {
    var start: UInt64
    var description: UInt64
  }

  let image: ELFImage
  let section: ELFImage.Section
  /// How pointers are written, by the address of the common record (CIE).
  private var forms: [UInt64: UInt8] = [:]

  init(image: ELFImage, section: ELFImage.Section) {
    self.image = image
    self.section = section
  }

  mutating func entries() -> [Entry] {
    var result: [Entry] = []
    var place = section.address
    let end = section.address &+ section.length
    while place < end, let length = image.load(UInt32.self, atAddress: place) {
      // 0 ends the part of one object file; crtend.o is not always last, so go on. 2^32 - 1: 64-bit records, never
      // written by compilers of today.
      if length == 0xFFFF_FFFF { break }
      if length > 0 { entry(at: place).map { result.append($0) } }
      place = place &+ 4 &+ UInt64(length)
    }
    return result
  }

  private mutating func entry(at place: UInt64) -> Entry? {
    guard let back = image.load(UInt32.self, atAddress: place &+ 4), back != 0 else { return nil }
    let common = place &+ 4 &- UInt64(back)
    let form = forms[common] ?? self.form(of: common)
    forms[common] = form
    let field = place &+ 8
    switch form {
    case 0x00: return image.load(UInt64.self, atAddress: field).map { Entry(start: $0, description: place) }
    case 0x1B:  // pc-relative sdata4
      return image.load(Int32.self, atAddress: field)
        .map { Entry(start: field &+ UInt64(bitPattern: Int64($0)), description: place) }
    case 0x03:  // udata4
      return image.load(UInt32.self, atAddress: field).map { Entry(start: UInt64($0), description: place) }
    case 0x1C, 0x10:  // pc-relative, 8 bytes
      return image.load(UInt64.self, atAddress: field)
        .map { Entry(start: field &+ $0, description: place) }
    default: return nil
    }
  }

  /// The letter R of the augmentation says how pointers are written; without it they are absolute.
  private func form(of common: UInt64) -> UInt8 {
    guard let start = image.fileOffset(ofAddress: common &+ 9), let letters = image.bytes.text(at: start),
      letters.hasPrefix("z")
    else { return 0 }
    var place = start &+ UInt64(letters.utf8.count) &+ 1
    for _ in 0..<4 { skipLEB128(&place) }  // code and data alignment, return address, augmentation's length
    for letter in letters.dropFirst() {
      guard let byte = image.bytes.load(UInt8.self, at: place) else { return 0xFF }
      switch letter {
      case "R": return byte
      case "L": place &+= 1
      case "P": place &+= 1 &+ pointerLength(byte)
      case "S", "B": break
      default: return 0xFF
      }
    }
    return 0
  }

  private func skipLEB128(_ place: inout UInt64) {
    while let byte = image.bytes.load(UInt8.self, at: place) {
      place &+= 1
      if byte & 0x80 == 0 { return }
    }
  }

  private func pointerLength(_ form: UInt8) -> UInt64 {
    switch form & 0x07 {
    case 2: 2
    case 3: 4
    default: 8
    }
  }
}
