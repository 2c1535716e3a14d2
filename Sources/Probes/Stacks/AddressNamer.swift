import Model

/// Names the addresses of a heap profile that a program wrote, by the files that were mapped into it.
public final class AddressNamer {
  /// Which code is the allocator's.
  public let allocator: AllocatorCode
  private let image = ProcessImage()
  private let files = CodeFiles()
  private var namer: FrameNamer

  /// Takes over the mappings of the program, as the profile lists them.
  public init(mappings: [MappedRegion], allocator: AllocatorCode = AllocatorCode()) {
    self.allocator = allocator
    namer = FrameNamer(allocator: allocator)
    for mapping in mappings { image.map(mapping) }
  }

  /// What is odd about the files, in sentences.
  public var notes: [String] { files.notes }

  /// The frames at an address within a call instruction: inlined calls first, the function last.
  public func frames(at address: UInt64) -> [Frame] {
    namer.frames(at: address, in: image, files).map(\.frame)
  }

  /// Gives the allocator's frames of a stack, the innermost first, their role.
  public func mark(_ frames: inout [Frame]) { allocator.mark(&frames) }
}
