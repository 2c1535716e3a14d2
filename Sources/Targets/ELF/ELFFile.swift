import Model

/// What an ELF program or library says about itself in its headers.
///
/// Source: elf(5) and the System V gABI. Both classes and both byte orders are read, so that a foreign program
/// is called by its name instead of being misread. Every size in the file is checked before it is used.
public struct ELFFile: Sendable {
  /// The file.
  public let path: String
  /// Whether addresses have 64 bits.
  public let is64Bit: Bool
  /// Whether numbers are stored with the lowest byte first.
  public let isLittleEndian: Bool
  /// The machine it runs on, as `uname -m` calls it, or its number.
  public let machine: String
  /// The dynamic linker that the kernel starts; nil for static programs and for libraries.
  public let interpreter: String?
  /// Libraries that must be loaded with it (DT_NEEDED).
  public let needed: [String]
  /// Whether it is a shared object: a library, or a position-independent program.
  public let isSharedObject: Bool

  let source: ByteSource
  let segments: [Segment]
  let sections: [Section]

  /// Whether it runs without dynamic linker, so that nothing can be preloaded. True for static-pie, too.
  public var isStatic: Bool { interpreter == nil && needed.isEmpty }

  /// The C library whose dynamic linker it asks for; nil when static or unknown.
  public var libc: Libc? {
    guard let name = interpreter.map(lastComponent) else { return nil }
    if name.hasPrefix("ld-musl") { return .musl }
    return name.hasPrefix("ld-linux") || name.hasPrefix("ld64") || name.hasPrefix("ld.so") ? .glibc : nil
  }

  /// Reads the headers of a file.
  ///
  /// Throws: `TargetsError.notELF` that says what is wrong with it, `TargetsError.file` when it cannot be read.
  public init(path: String) throws(TargetsError) {
    let source = try ByteSource(path: path)
    let layout = try ELFLayout(source)
    segments = try layout.segments(source)
    sections = try layout.sections(source)
    let dynamic = try layout.dynamic(source, segments)
    interpreter = try layout.interpreter(source, segments)
    needed = dynamic
    self.path = path
    self.source = source
    is64Bit = layout.is64Bit
    isLittleEndian = layout.isLittleEndian
    machine = layout.machine
    isSharedObject = layout.type == ELFLayout.sharedObject
  }

  /// Whether a file begins like an ELF file.
  static func hasMagic(_ path: String) -> Bool {
    guard let start = try? Files.read(path, limit: 4) else { return false }
    return start.starts(with: ELFLayout.magic)
  }
}

/// A part of the file that is loaded or that describes loading (program header).
struct Segment: Hashable, Sendable {
  var type: UInt64
  var offset: UInt64
  var address: UInt64
  var fileSize: UInt64
}

/// A part of the file for linkers and debuggers (section header).
struct Section: Hashable, Sendable {
  var type: UInt64
  var offset: UInt64
  var size: UInt64
  var link: UInt64
  var entrySize: UInt64
}
