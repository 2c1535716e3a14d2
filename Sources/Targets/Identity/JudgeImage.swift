import Model

/// What serves malloc in one program image.
public struct ImageFinding: Hashable, Sendable {
  /// The allocator. A library that is not known goes by its file's name, a malloc that the program defines itself and that
  /// carries no known mark by `own`; nil when it was not found out.
  public var allocator: AllocatorID?
  /// The file that malloc is in; nil when it was not seen.
  public var file: String?
  /// What was seen, one observation a line.
  public var evidence: [String]
  /// Why nobody knows; nil when it was seen.
  public var unknown: String?

  /// States a finding.
  public init(allocator: AllocatorID?, file: String?, evidence: [String], unknown: String? = nil) {
    self.allocator = allocator
    self.file = file
    self.evidence = evidence
    self.unknown = unknown
  }

  /// The name of a malloc that a program defines itself and that carries no known mark.
  public static let ownMalloc: AllocatorID = "own"
}

extension IdentityJudge {
  /// Names the allocator of an image from what was seen of it while it ran.
  ///
  /// What counts is where malloc and free come from, not what is mapped. `files` tells what a file holds, where its name
  /// does not say it.
  public func judge(
    _ image: ImageEvidence, expecting expected: AllocatorID? = nil, files: (String) -> StaticEvidence?
  ) -> ImageFinding {
    switch image.allocation {
    case .unknown(let reason):
      return ImageFinding(allocator: nil, file: nil, evidence: [], unknown: reason)
    case .withoutLinker:
      return judgeUnlinked(withoutDeleted(image.path), files)
    case .resolved(let malloc, let free):
      return judgeResolved(image, withoutDeleted(malloc), withoutDeleted(free), expected, files)
    }
  }

  private func judgeResolved(
    _ image: ImageEvidence, _ malloc: String, _ free: String, _ expected: AllocatorID?,
    _ files: (String) -> StaticEvidence?
  ) -> ImageFinding {
    let program = withoutDeleted(image.path)
    func name(_ file: String) -> AllocatorID { server(file, program, expected, files) }
    var finding = ImageFinding(
      allocator: name(malloc), file: malloc, evidence: ["malloc is in \(malloc)", "free is in \(free)"])
    if malloc == program {
      finding.evidence = ["the program defines malloc itself"]
      if malloc != free { finding.evidence.append("free is in \(free)") }
      finding.evidence += lines(files(program)?.marks ?? [], in: "the program")
    }
    if name(free) != finding.allocator {
      finding.allocator = nil
      finding.evidence.append("malloc and free are of different allocators")
    }
    if finding.allocator?.rawValue == Libc.musl.rawValue, let marks = files(malloc)?.marks {
      requireMallocng(among: marks, in: malloc, &finding)
    }
    return finding
  }

  /// The allocator that a file belongs to: by its name, by what it holds, or called after the file.
  private func server(
    _ file: String, _ program: String, _ expected: AllocatorID?, _ files: (String) -> StaticEvidence?
  ) -> AllocatorID {
    let isProgram = file == program
    if !isProgram, let known = owner(ofFile: file, expecting: expected ?? "") { return known }
    let guests = owners(files(file)?.marks ?? []).filter { !isLibc($0) }
    if guests.count == 1 { return guests[0] }
    return isProgram ? ImageFinding.ownMalloc : AllocatorID(AllocatorSpec.identifier(for: file))
  }

  /// Without dynamic linker there is nothing but the program's file.
  private func judgeUnlinked(_ program: String, _ files: (String) -> StaticEvidence?) -> ImageFinding {
    let start = "the program is static: nothing can be preloaded into it"
    guard let file = files(program) else {
      return ImageFinding(allocator: nil, file: program, evidence: [start, "its file could not be read"])
    }
    let found = owners(file.marks)
    let guests = found.filter { !isLibc($0) }
    let marks = lines(file.marks, in: "the program")
    var finding = ImageFinding(allocator: nil, file: program, evidence: [start] + marks)
    if guests.count == 1 {
      finding.allocator = guests[0]
    } else if guests.isEmpty, let runtime = file.marks.first(where: { runtimes.contains($0.allocator) }),
      !file.exportsMalloc, found.isEmpty
    {
      finding.allocator = runtime.allocator
      finding.evidence.append("it holds \(runtime.allocator)'s \(runtime.mark) and defines no malloc")
    } else if guests.isEmpty, found.count == 1 {
      finding.allocator = found[0]
      if found[0].rawValue == Libc.musl.rawValue {
        requireMallocng(among: file.marks, in: "the program", &finding)
      }
    } else if file.exportsMalloc, found.isEmpty {
      finding.allocator = ImageFinding.ownMalloc
      finding.evidence.append("it defines malloc, which carries no mark of a known allocator")
    } else if found.isEmpty {
      finding.evidence.append("the program holds no mark of a known allocator")
    }
    return finding
  }

  /// Some toolchains' musl carries another malloc; only the size classes of mallocng prove musl's.
  private func requireMallocng(
    among marks: [FoundMark], in place: String, _ finding: inout ImageFinding
  ) {
    // A static program that never frees gets a malloc that only takes (musl's lite_malloc.c).
    if marks.contains(where: { $0.mark == "symbol __simple_malloc" }) { return }
    var identity = Identity(allocator: finding.allocator, evidence: finding.evidence, verified: true)
    requireMallocng(among: marks, in: place, &identity)
    finding.evidence = identity.evidence
    if !identity.verified { finding.allocator = nil }
  }
}
