import Model

/// What was seen of the running process.
public struct ProcessEvidence: Hashable, Sendable {
  /// The file that holds malloc, as dladdr told the workload; empty without telemetry and in static programs.
  public var mallocFile: String
  /// The file that holds free.
  public var freeFile: String
  /// Files mapped when the process ended (`/proc/PID/maps`); nil when they could not be read.
  public var mappedFiles: [String]?
  /// The libraries of `LD_PRELOAD` in their order, links resolved.
  public var preload: [String]

  /// States what was seen.
  public init(mallocFile: String, freeFile: String, mappedFiles: [String]?, preload: [String]) {
    self.mallocFile = mallocFile
    self.freeFile = freeFile
    self.mappedFiles = mappedFiles
    self.preload = preload
  }
}

/// Decides from the evidence which allocator served malloc. Pure: it reads no file.
public struct IdentityJudge: Sendable {
  /// Those that serve malloc.
  let allocators: [AllocatorSpec]
  /// Runtimes with a heap of their own, such as Go's: their marks would hide the allocator that serves malloc.
  let runtimes: Set<AllocatorID>

  /// Judges with the marks of these allocators.
  public init(allocators: [AllocatorSpec]) {
    self.allocators = allocators.filter(\.servesMalloc)
    runtimes = Set(allocators.filter { !$0.servesMalloc }.map(\.id))
  }

  /// The allocator that the evidence names, and whether it proves the variant's.
  public func judge(variant: Variant, file: StaticEvidence, process: ProcessEvidence) -> Identity {
    if variant.libc == .none { return judgeRuntime(variant, file) }
    if file.isStatic { return judgeStatic(variant, file) }
    var identity =
      process.mallocFile.isEmpty
      ? judgeUnseen(file, process) : judgeLinked(variant, process)
    if variant.linkage == .static {
      identity.evidence.insert("\(lastComponent(file.file)) is not static", at: 0)
      identity.verified = false
    }
    if identity.verified, identity.allocator?.rawValue == Libc.musl.rawValue {
      requireMallocng(among: file.interpreterMarks, in: file.interpreter ?? "the C library", &identity)
    }
    return identity
  }

  /// The allocator whose malloc a file holds: by the file's name, or by the marks in it. Nil when it is none that is
  /// known, or when the marks speak of several.
  public func allocator(ofFile path: String) -> AllocatorID? {
    if let owner = owner(ofFile: path, expecting: "") { return owner }
    guard let file = try? StaticEvidence.read(file: path, allocators: allocators) else { return nil }
    let inside = owners(file.marks).filter { file.isStatic || !isLibc($0) }
    return inside.count == 1 ? inside[0] : nil
  }

  // MARK: - marks

  /// The allocator that a library's file belongs to. A mark with a slash is a whole path; otherwise the longest
  /// beginning of the file name wins, and between equals the one that is expected.
  func owner(ofFile path: String, expecting expected: AllocatorID) -> AllocatorID? {
    let name = lastComponent(path)
    var best: (id: AllocatorID, length: Int)?
    for allocator in allocators {
      for mark in allocator.marks.files where mark == path || name.hasPrefix(mark) {
        let length = mark == path ? Int.max : mark.count
        if length > best?.length ?? 0 || (length == best?.length && allocator.id == expected) {
          best = (allocator.id, length)
        }
      }
    }
    return best?.id
  }

  /// The allocators of malloc that marks speak of, less those whose code another of them includes.
  func owners(_ marks: [FoundMark]) -> [AllocatorID] {
    var found: [AllocatorID] = []
    for mark in marks where !found.contains(mark.allocator) && !runtimes.contains(mark.allocator) {
      found.append(mark.allocator)
    }
    let included = allocators.filter { found.contains($0.id) }.flatMap(\.marks.includes)
    return found.filter { !included.contains($0) }
  }

  func lines(_ marks: [FoundMark], in place: String) -> [String] {
    owners(marks).map { id in
      let texts = marks.filter { $0.allocator == id }.map(\.mark)
      return "\(place) holds \(id)'s \(texts.joined(separator: ", "))"
    }
  }

  /// Some toolchains' musl carries another malloc; only the size classes of mallocng prove musl's.
  func requireMallocng(among marks: [FoundMark], in place: String, _ identity: inout Identity) {
    if marks.contains(where: { $0.allocator.rawValue == Libc.musl.rawValue && $0.isSignature }) {
      identity.evidence.append("\(place) holds mallocng's table of size classes")
    } else {
      identity.evidence.append(
        "\(place) lacks mallocng's table of size classes: this is not musl's own malloc")
      identity.verified = false
    }
  }

  /// Whether a file is a C library itself, which no program needs to have preloaded.
  public func isLibc(library path: String) -> Bool {
    Files.exists(path) && owner(ofFile: Files.resolved(path), expecting: "").map(isLibc) ?? false
  }

  func isLibc(_ id: AllocatorID) -> Bool { Libc(rawValue: id.rawValue) != nil }

  func withoutDeleted(_ path: String) -> String {
    path.hasSuffix(" (deleted)") ? String(path.dropLast(" (deleted)".count)) : path
  }
}
