import Model

extension IdentityJudge {
  /// With telemetry: the program itself asked the dynamic linker.
  func judgeLinked(_ variant: Variant, _ process: ProcessEvidence) -> Identity {
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
  func judgeMapped(_ variant: Variant, _ file: StaticEvidence, _ process: ProcessEvidence) -> Identity {
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
}
