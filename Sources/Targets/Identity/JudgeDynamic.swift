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

  /// A workload that ended before it could ask: what is mapped proves nothing.
  func judgeUnseen(_ file: StaticEvidence, _ process: ProcessEvidence) -> Identity {
    let reason = "the program ended before it could say where its malloc is"
    return Identity(
      allocator: nil, evidence: [reason] + [missingPreload(process)].compactMap(\.self), verified: false)
  }

  /// The line for a library that should have been preloaded and was not; nil when all is well or unknown.
  private func missingPreload(_ process: ProcessEvidence) -> String? {
    guard let mapped = process.mappedFiles.map({ $0.map(withoutDeleted) }),
      let missing = process.preload.first(where: { !mapped.contains($0) })
    else { return nil }
    return "\(missing) was to be preloaded and is not mapped"
  }
}
