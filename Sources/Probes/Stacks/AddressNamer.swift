import Model

/// Names the addresses of a heap profile that a program wrote, by the files that were mapped into it.
///
/// Only files of this machine that are the ones the program had are asked; see ``StatedMapping``.
public final class AddressNamer {
  /// Which code is the allocator's.
  public let allocator: AllocatorCode
  private let image = ProcessImage()
  private let stated: StatedFiles
  private let files: CodeFiles
  private var namer: FrameNamer

  /// Takes over the mappings of the program, as the profile lists them. `writtenAt` is when the profile was written, in
  /// seconds since 1970.
  public init(
    mappings: [StatedMapping], writtenAt: Double? = nil, allocator: AllocatorCode = AllocatorCode()
  ) {
    self.allocator = allocator
    let stated = StatedFiles(mappings, writtenAt: writtenAt)
    self.stated = stated
    files = CodeFiles(refusing: stated.refusal)
    namer = FrameNamer(allocator: allocator)
    for mapping in mappings { image.map(mapping.region) }
  }

  /// What is odd about the files, in sentences.
  public var notes: [String] { files.notes }

  /// The frames at an address within a call instruction: inlined calls first, the function last; empty when nothing is
  /// mapped there.
  public func frames(at address: UInt64) -> [Frame] {
    guard image.space.region(at: address) != nil else { return [] }
    return namer.frames(at: address, in: image, files).map(\.frame)
  }

  /// Whether a mapped file is known to be this machine's.
  public func isVerified(_ path: String) -> Bool { path.hasPrefix("/") && stated.refusal(of: path) == nil }

  /// Gives the allocator's frames of a stack, the innermost first, their role.
  public func mark(_ frames: inout [Frame]) { allocator.mark(&frames) }
}
