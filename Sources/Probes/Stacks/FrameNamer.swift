import Model

/// A frame, and what it means for the question whose code it is.
struct NamedFrame {
  var frame: Frame
  var kind: AllocatorCode.Kind
}

/// Names of addresses, kept by process and address, and by file and address where processes share a file.
struct FrameNamer {
  private struct Key: Hashable {
    var file: ObjectIdentifier
    var address: UInt64
  }

  private let allocator: AllocatorCode
  private var known: [Key: [NamedFrame]] = [:]

  /// Addresses that are kept; a program has fewer call sites, but generated code need not.
  private static let most = 200_000

  init(allocator: AllocatorCode) { self.allocator = allocator }

  /// The frames at an address of a process: inlined calls first, the function last.
  mutating func frames(at address: UInt64, in image: ProcessImage, _ files: CodeFiles) -> [NamedFrame] {
    if let frames = image.names[address] { return frames }
    if image.names.count >= FrameNamer.most { image.names.removeAll() }
    let frames = looked(up: address, in: image, files)
    image.names[address] = frames
    return frames
  }

  private mutating func looked(
    up address: UInt64, in image: ProcessImage, _ files: CodeFiles
  ) -> [NamedFrame] {
    guard let loaded = image.loadedFile(at: address, files) else {
      let object = FrameNamer.object(image, address)
      return [NamedFrame(frame: Frame(function: "[unknown]", object: object, role: .unknown), kind: .other)]
    }
    let key = Key(file: ObjectIdentifier(loaded.file), address: address &- loaded.bias)
    if let frames = known[key] { return frames }
    if known.count >= FrameNamer.most { known.removeAll() }
    let frames = FrameNamer.frames(at: key.address, in: loaded.file)
      .map { NamedFrame(frame: $0, kind: allocator.kind(of: $0)) }
    known[key] = frames
    return frames
  }

  private static func frames(at address: UInt64, in file: CodeFile) -> [Frame] {
    let places = file.symbols.places(at: address)
    if places.isEmpty { return [Frame(function: "[unknown]", object: file.name, role: .unknown)] }
    return places.map { place in
      Frame(
        function: place.name.map(Demangling.readable) ?? "[unknown]", object: file.name,
        sourceFile: place.sourceFile, line: place.line, role: place.name == nil ? .unknown : .program)
    }
  }

  /// What is mapped at an address without a file that can be read.
  private static func object(_ image: ProcessImage, _ address: UInt64) -> String {
    guard let path = image.space.region(at: address)?.path else { return "" }
    return path.hasPrefix("//anon") || path.isEmpty ? "[anonymous]" : path
  }
}
