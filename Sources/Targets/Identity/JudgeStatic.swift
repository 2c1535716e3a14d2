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
      identity.evidence.append("the program holds no mark of a known allocator")
    }
    if identity.verified, allocator?.rawValue == Libc.musl.rawValue {
      requireMallocng(among: file.marks, in: "the program", &identity)
    }
    return identity
  }
}
