import Glibc

/// A mapped file as a profile of earlier says it was.
public struct StatedMapping: Sendable {
  /// Where it was mapped; whether code in it may run is true where the profile does not say.
  public var region: MappedRegion
  /// Its build-id in hexadecimal digits; nil when the profile does not say.
  public var buildID: String?
  /// Its inode; nil when the profile does not say.
  public var inode: UInt64?

  /// States a mapping.
  public init(region: MappedRegion, buildID: String? = nil, inode: UInt64? = nil) {
    self.region = region
    self.buildID = buildID
    self.inode = inode
  }
}

/// Whether the files of this machine are those that a profile's program had mapped: only then do their symbols name its
/// addresses.
///
/// A build-id decides. Without one the path must be the same, the file's segments must lie where the profile has them
/// mapped, and the file must not have been written after the profile, unless its inode is still the same.
final class StatedFiles {
  private let mappings: [String: [StatedMapping]]
  private let writtenAt: Double?
  private var verdicts: [String: String?] = [:]

  /// `writtenAt` is when the profile was written, in seconds since 1970; nil when nobody knows.
  init(_ mappings: [StatedMapping], writtenAt: Double?) {
    self.mappings = Dictionary(grouping: mappings, by: \.region.path)
    self.writtenAt = writtenAt
  }

  /// Why the file of this machine is not the program's; nil when it is.
  func refusal(of path: String) -> String? {
    if let known = verdicts[path] { return known }
    let verdict = examined(path)
    verdicts[path] = verdict
    return verdict
  }

  private func examined(_ path: String) -> String? {
    guard path.hasPrefix("/"), !path.hasPrefix("//") else { return "\(path) is no file" }
    guard let stated = mappings[path] else { return "\(path) is not among the mapped files of the profile" }
    var status = stat()
    guard !path.hasSuffix(" (deleted)"), stat(path, &status) == 0 else {
      return "\(path) is not on this machine"
    }
    guard let bytes = MappedBytes(path: path), let image = ELFImage(bytes: bytes) else {
      return "\(path) cannot be read as an ELF file"
    }
    if let buildID = stated.compactMap(\.buildID).first, let here = image.buildID {
      return buildID.lowercased() == here
        ? nil
        : "\(path) is another build here (build-id \(here.prefix(12))…, the profile's \(buildID.prefix(12))…)"
    }
    guard StatedFiles.agree(stated.map(\.region), image) else {
      return "\(path) is another file here: its code is not where the profile has it mapped"
    }
    let isSame = stated.contains { $0.inode == UInt64(status.st_ino) }
    let changed = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    if let writtenAt, !isSame, changed > writtenAt { return "\(path) was written after the profile" }
    return nil
  }

  /// Whether the kernel maps the file so: each mapping is a segment in whole pages.
  private static func agree(_ regions: [MappedRegion], _ image: ELFImage) -> Bool {
    let code = regions.filter(\.isExecutable)
    guard !code.isEmpty, code.contains(where: { $0.length > 0 }) else { return false }
    let found = code.map { region in image.segments.filter { isMapped($0, as: region) } }
    // Some profiles do not say what may run: those name all segments.
    return found.allSatisfy { !$0.isEmpty } && found.joined().contains(where: \.isExecutable)
  }

  private static func isMapped(_ segment: ELFImage.Segment, as region: MappedRegion) -> Bool {
    let lead = segment.address & 4095
    let lengths = [segment.fileLength, segment.memoryLength].map { (lead &+ $0 &+ 4095) & ~4095 }
    return region.fileOffset == segment.fileOffset & ~4095 && lengths.contains(region.length)
  }
}

extension ELFImage {
  /// The linker's build-id in hexadecimal digits; nil when there is none (ld(1), --build-id).
  var buildID: String? {
    guard let note = section(".note.gnu.build-id"),
      let nameLength = bytes.load(UInt32.self, at: note.fileOffset),
      let length = bytes.load(UInt32.self, at: note.fileOffset &+ 4), length <= 64
    else { return nil }
    let start = note.fileOffset &+ 12 &+ UInt64((nameLength &+ 3) & ~3)
    let digits = (0..<UInt64(length)).compactMap { bytes.load(UInt8.self, at: start &+ $0) }
    guard digits.count == Int(clamping: length), !digits.isEmpty else { return nil }
    return digits.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
