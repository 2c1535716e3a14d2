/// A file that is mapped into programs, with everything that is read from it once.
final class CodeFile {
  /// How it is called in tables; also `[vdso]`.
  let name: String
  let image: ELFImage
  let frameTable: FrameTable?
  let goTable: GoTable?
  /// Names, looked up when first needed.
  private(set) lazy var symbols = SymbolTable(file: self)
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
    guard let maps = ProcText.read("/proc/self/maps"),
      let region = MapsText.regions(in: maps, pid: 0).first(where: { $0.path == "[vdso]" }),
      let start = UInt(exactly: region.start), let place = UnsafeRawPointer(bitPattern: start),
      let length = Int(exactly: region.length)
    else { return nil }
    let copy = Array(UnsafeRawBufferPointer(start: place, count: length))
    return ELFImage(bytes: MappedBytes(copying: copy)).map { CodeFile(name: "[vdso]", image: $0, path: nil) }
  }
}

/// Parsing of /proc/PID/maps (proc_pid_maps(5)).
public enum MapsText {
  /// Every mapping, in the order of addresses, with time 0: it was there before.
  public static func regions(in text: String, pid: Int32) -> [MappedRegion] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard fields.count >= 5 else { return nil }
      let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard ends.count == 2, ends[0] <= ends[1], let offset = UInt64(fields[2], radix: 16) else { return nil }
      // The path is the rest of the line: it may hold spaces, and stands behind many.
      let path = fields.count > 5 ? String(fields[5].drop { $0 == " " }) : "//anon"
      return MappedRegion(
        pid: pid, start: ends[0], length: ends[1] - ends[0], fileOffset: offset, path: path,
        isExecutable: fields[1].contains("x"))
    }
  }
}
