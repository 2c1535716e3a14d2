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
  let allocators: [AllocatorSpec]

  /// Judges with the marks of these allocators.
  public init(allocators: [AllocatorSpec]) { self.allocators = allocators }

  /// The allocator that the evidence names, and whether it proves the variant's.
  public func judge(variant: Variant, file: StaticEvidence, process: ProcessEvidence) -> Identity {
    if file.isStatic { return judgeStatic(variant, file) }
    var identity =
      process.mallocFile.isEmpty
      ? judgeMapped(variant, file, process) : judgeLinked(variant, process)
    if variant.linkage == .static {
      identity.evidence.insert("\(lastComponent(file.file)) is not static", at: 0)
      identity.verified = false
    }
    if identity.verified, identity.allocator?.rawValue == Libc.musl.rawValue {
      requireMallocng(among: file.interpreterMarks, in: file.interpreter ?? "the C library", &identity)
    }
    return identity
  }

  // MARK: - static programs

  private func judgeStatic(_ variant: Variant, _ file: StaticEvidence) -> Identity {
    let found = owners(file.marks)
    let own = AllocatorID(variant.libc.rawValue)
    // The C library's own allocator may be linked in beside the one that serves malloc.
    let guests = found.filter { !isLibc($0) }
    let allocator = guests.count == 1 ? guests[0] : guests.isEmpty && found.contains(own) ? own : nil
    var identity = Identity(
      allocator: allocator, evidence: lines(file.marks, in: "the program"),
      verified: allocator == variant.allocator && found.allSatisfy { $0 == own || $0 == variant.allocator })
    if variant.linkage != .static {
      identity.evidence.insert("the program is static: nothing can be preloaded into it", at: 0)
      identity.verified = false
    }
    if found.isEmpty {
      identity.evidence.append("the program holds no mark of a known allocator")
    }
    if identity.verified, allocator?.rawValue == Libc.musl.rawValue {
      requireMallocng(among: file.marks, in: "the program", &identity)
    }
    return identity
  }

  // MARK: - dynamic programs

  /// With telemetry: the program itself asked the dynamic linker.
  private func judgeLinked(_ variant: Variant, _ process: ProcessEvidence) -> Identity {
    let malloc = owner(ofFile: process.mallocFile, expecting: variant.allocator)
    let free = owner(ofFile: process.freeFile, expecting: variant.allocator)
    var evidence = ["malloc is in \(process.mallocFile)", "free is in \(process.freeFile)"]
    if malloc != free { evidence.append("malloc and free are of different allocators") }
    if let missing = missingPreload(process) { evidence.append(missing) }
    return Identity(
      allocator: malloc == free ? malloc : nil, evidence: evidence,
      verified: malloc == variant.allocator && free == variant.allocator)
  }

  /// Without telemetry: the dynamic linker asks the libraries of LD_PRELOAD first, in their order, then those
  /// that the program was linked with. The order of addresses in maps says nothing.
  private func judgeMapped(_ variant: Variant, _ file: StaticEvidence, _ process: ProcessEvidence) -> Identity
  {
    if file.exportsMalloc {
      let inside = owners(file.marks).filter { !isLibc($0) }
      return Identity(
        allocator: inside.count == 1 ? inside[0] : nil,
        evidence: ["the program defines malloc itself"] + lines(file.marks, in: "the program"),
        verified: false)
    }
    guard let mapped = process.mappedFiles.map({ $0.map(withoutDeleted) }) else {
      return Identity(
        allocator: nil, evidence: ["the process ended before its mapped files could be read"],
        verified: false)
    }
    let preloaded = process.preload.filter { mapped.contains($0) }
    let ordered = preloaded + mapped.filter { !preloaded.contains($0) }
    let candidates = ordered.compactMap { path in
      owner(ofFile: path, expecting: variant.allocator).map { (id: $0, path: path) }
    }
    let guests = candidates.filter { !isLibc($0.id) }
    let server = guests.first ?? candidates.first
    var evidence = server.map { ["\($0.path) is mapped"] } ?? ["no known allocator is mapped"]
    if let missing = missingPreload(process) { evidence.append(missing) }
    let others = guests.dropFirst().filter { $0.id != server?.id }
    // Among libraries that the program was linked with the order of search is not known here.
    let ambiguous = !others.isEmpty && server.map { !preloaded.contains($0.path) } ?? true
    evidence += others.map { other in
      "\(other.path) is mapped too" + (ambiguous ? "" : ", but preloaded libraries are asked first")
    }
    return Identity(
      allocator: ambiguous ? nil : server?.id, evidence: evidence,
      verified: !ambiguous && server?.id == variant.allocator)
  }

  /// The line for a library that should have been preloaded and was not; nil when all is well or unknown.
  private func missingPreload(_ process: ProcessEvidence) -> String? {
    guard let mapped = process.mappedFiles.map({ $0.map(withoutDeleted) }),
      let missing = process.preload.first(where: { !mapped.contains($0) })
    else { return nil }
    return "\(missing) was to be preloaded and is not mapped"
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

  /// The allocators that marks speak of, less those whose code another of them includes.
  private func owners(_ marks: [FoundMark]) -> [AllocatorID] {
    var found: [AllocatorID] = []
    for mark in marks where !found.contains(mark.allocator) { found.append(mark.allocator) }
    let included = allocators.filter { found.contains($0.id) }.flatMap(\.marks.includes)
    return found.filter { !included.contains($0) }
  }

  private func lines(_ marks: [FoundMark], in place: String) -> [String] {
    owners(marks).map { id in
      let texts = marks.filter { $0.allocator == id }.map(\.mark)
      return "\(place) holds \(id)'s \(texts.joined(separator: ", "))"
    }
  }

  /// Some toolchains' musl carries another malloc; only the size classes of mallocng prove musl's.
  private func requireMallocng(among marks: [FoundMark], in place: String, _ identity: inout Identity) {
    if marks.contains(where: { $0.allocator.rawValue == Libc.musl.rawValue && $0.isSignature }) {
      identity.evidence.append("\(place) holds mallocng's table of size classes")
    } else {
      identity.evidence.append(
        "\(place) lacks mallocng's table of size classes: this is not musl's own malloc")
      identity.verified = false
    }
  }

  private func isLibc(_ id: AllocatorID) -> Bool { Libc(rawValue: id.rawValue) != nil }

  private func withoutDeleted(_ path: String) -> String {
    path.hasSuffix(" (deleted)") ? String(path.dropLast(" (deleted)".count)) : path
  }
}
