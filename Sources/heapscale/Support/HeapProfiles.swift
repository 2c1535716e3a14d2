import Experiments
import Foundation
import Model
import Probes
import Profiles
import Targets

/// Reads profiles that programs wrote and names their addresses.
enum HeapProfiles {
  /// A profile that heapscale let a program write just now: its functions are those of the measured program.
  ///
  /// Throws: `InputError` when the file cannot be read, `ProfilesError` when it is damaged.
  static func readOwn(_ path: String, title: String, allocator: AllocatorCode) throws -> StackProfile {
    let file = try ProfileFile(path)
    return try named(file, try HeapProfileReader.read(file.bytes, file: path), title, allocator).profile
  }

  /// A profile that the user names, of whatever program: which allocator served it is told by the file itself.
  ///
  /// Throws: `InputError` when the file cannot be read, `ProfilesError` when it is damaged or something else.
  static func read(_ file: ProfileFile, catalogue: Catalogue) throws -> StackProfile {
    let raw = try HeapProfileReader.read(file.bytes, file: file.path)
    var allocator = AllocatorCode(inStacksOf: nil, catalogue: catalogue)
    if let library = allocatorLibrary(of: raw) { allocator.libraries.append(library) }
    let title = "\(ProfileKind(raw.columns).rawValue) \(file.name) by call site"
    var (profile, namer) = try named(file, raw, title, allocator)
    let objects = Set(profile.frames.map(\.object)).sorted()
    profile.source = .init(file: file.path, verified: objects.filter(namer.isVerified))
    return profile
  }

  private static func named(
    _ file: ProfileFile, _ raw: RawHeapProfile, _ title: String, _ allocator: AllocatorCode
  ) throws -> (profile: StackProfile, namer: AddressNamer) {
    let namer = AddressNamer(
      mappings: raw.mappings.map(stated), writtenAt: file.writtenAt, allocator: allocator)
    let places = raw.places.map { place -> [Frame] in
      if !place.frames.isEmpty { return place.frames }
      let frames = namer.frames(at: place.address)
      // Of a file without symbols the place in it tells call sites apart.
      let isKnown = frames.contains { $0.role != .unknown }
      return isKnown ? frames : [raw.unnamed(place.address)]
    }
    // Time inside the allocator is the allocator's own: only memory belongs to who asked for it.
    let isHeap = ProfileKind(raw.columns) == .heap
    var builder = StackProfileBuilder(title: title, columns: raw.columns)
    for sample in raw.samples {
      var stack = sample.stack.flatMap { places[$0] }
      if isHeap {
        namer.mark(&stack)
      } else {
        for index in stack.indices where stack[index].role == .allocator { stack[index].role = .program }
      }
      builder.add(stack, values: sample.values, labels: sample.labels)
    }
    var profile = builder.finished(notes: raw.notes + namer.notes)
    profile.period = raw.period
    return (profile, namer)
  }

  /// jemalloc's stacks begin inside jemalloc: a library in which all of them do, and none begins its program, is it,
  /// whatever its name.
  private static func allocatorLibrary(of raw: RawHeapProfile) -> String? {
    guard raw.format == .jemalloc else { return nil }
    func files(_ place: KeyPath<[Int], Int?>) -> Set<String?> {
      Set(
        raw.samples.map { sample in
          sample.stack[keyPath: place].flatMap { raw.mapping(of: raw.places[$0].address)?.file }
        })
    }
    let innermost = files(\.first)
    guard innermost.count == 1, let file = innermost.first ?? nil, !files(\.last).contains(file) else {
      return nil
    }
    return file.split(separator: "/").last.map(String.init)
  }

  private static func stated(_ mapping: RawHeapProfile.Mapping) -> StatedMapping {
    StatedMapping(
      region: MappedRegion(
        pid: 0, start: mapping.start, length: mapping.end - mapping.start, fileOffset: mapping.fileOffset,
        path: mapping.file, isExecutable: mapping.isExecutable),
      buildID: mapping.buildID, inode: mapping.inode)
  }
}

/// A file that holds a profile of any kind.
struct ProfileFile {
  let path: String
  let bytes: [UInt8]
  /// When it was written, in seconds since 1970; nil when nobody knows.
  let writtenAt: Double?

  /// Reads it; `-` is standard input.
  ///
  /// Throws: `InputError` when it cannot be read.
  init(_ path: String) throws(InputError) {
    self.path = path
    if path == "-" {
      bytes = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
      writtenAt = nil
      return
    }
    bytes = [UInt8](
      try InputFile.read(
        path, as: "profile", atMost: InputFile.document,
        hint:
          "name a heap profile of gperftools, jemalloc or Go, or a result that `heapscale profile --json` wrote"
      ))
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    writtenAt = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970
  }

  /// Its name without its folder.
  var name: String { path == "-" ? "from standard input" : (path as NSString).lastPathComponent }

  /// Whether it is heapscale's own JSON.
  var isResult: Bool { bytes.first { $0 > 0x20 } == UInt8(ascii: "{") && !isSnapshot }

  /// V8's heap snapshots are JSON as well.
  private var isSnapshot: Bool { bytes.starts(with: "{\"snapshot\"".utf8) }
}
