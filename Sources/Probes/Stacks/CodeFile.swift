import Glibc

/// A file that is mapped into programs, with everything that is read from it once.
final class CodeFile {
  /// How it is called in tables; also `[vdso]`.
  let name: String
  let image: ELFImage
  let frameTable: FrameTable?
  let goTable: GoTable?
  /// Names, looked up when first needed.
  private(set) lazy var symbols: SymbolTable = {
    hasReadSymbols = true
    return SymbolTable(file: self)
  }()
  /// Whether somebody cut the file short after it was opened here, so that a part of it could not be read.
  var isCut: Bool { image.bytes.isCut || hasReadSymbols && symbols.isCut }
  private var hasReadSymbols = false
  /// Where libdw opens it; nil for what is no file.
  let path: String?

  /// Opens a file; nil when it cannot be read or is no ELF file of 64 bits.
  convenience init?(path: String) {
    guard let bytes = MappedBytes(path: path), let image = ELFImage(bytes: bytes) else { return nil }
    self.init(name: path, image: image, path: path)
  }

  private init(name: String, image: ELFImage, path: String?) {
    self.name = name
    self.image = image
    self.path = path
    frameTable = FrameTable(image)
    goTable = GoTable(image)
  }

  /// The vdso of our own process: the kernel maps the same into every program of this architecture.
  static func vdso() -> CodeFile? {
    guard let region = ProcessMaps.read(pid: getpid()).first(where: { $0.path == "[vdso]" }),
      let start = UInt(exactly: region.start), let place = UnsafeRawPointer(bitPattern: start),
      let length = Int(exactly: region.length)
    else { return nil }
    let copy = Array(UnsafeRawBufferPointer(start: place, count: length))
    return ELFImage(bytes: MappedBytes(copying: copy)).map { CodeFile(name: "[vdso]", image: $0, path: nil) }
  }
}
