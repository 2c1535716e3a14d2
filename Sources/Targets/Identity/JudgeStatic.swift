import Model

extension IdentityJudge {
  /// A static program is judged by what its file holds.
  func judgeStatic(_ variant: Variant, _ file: StaticEvidence) -> Identity {
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
      let runtime = file.marks.first { runtimes.contains($0.allocator) }
      identity.evidence.append(
        runtime.map { "the program holds no malloc that is known, only \($0.allocator)'s \($0.mark)" }
          ?? "the program holds no mark of a known allocator")
    }
    if identity.verified, allocator?.rawValue == Libc.musl.rawValue {
      requireMallocng(among: file.marks, in: "the program", &identity)
    }
    return identity
  }

  /// A program without C library: a runtime's heap is all it has when nothing in it defines malloc.
  func judgeRuntime(_ variant: Variant, _ file: StaticEvidence) -> Identity {
    let own = file.marks.filter { $0.allocator == variant.allocator && runtimes.contains($0.allocator) }
    var identity = Identity(
      allocator: own.isEmpty ? nil : variant.allocator,
      evidence: own.map { "the program holds \(variant.allocator)'s \($0.mark)" },
      verified: !own.isEmpty && file.isStatic && !file.exportsMalloc && owners(file.marks).isEmpty)
    if !file.isStatic { identity.evidence.append("the program is not static") }
    if file.exportsMalloc {
      identity.evidence.append("the program defines malloc")
    } else {
      identity.evidence.append("it defines no malloc")
    }
    identity.evidence += lines(file.marks, in: "the program")
    if own.isEmpty { identity.evidence.append("the program holds no mark of \(variant.allocator)") }
    return identity
  }
}
