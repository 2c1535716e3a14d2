import Model

/// Who built the programs of a session, by workload and variant.
///
/// Programs built here lie in folders named `WORKLOAD@LIBC-LINKAGE[-ALLOCATOR][-cgo]-HASH`; their origin begins with the
/// compiler and goes on with its flags.
struct ProgramOrigins {
  private let compilers: [String: String]

  /// Takes the programs among a session's files.
  init(_ artifacts: [ArtifactRecord]) {
    let programs = artifacts.filter { $0.kind == "target" }.compactMap { file in
      ProgramOrigins.folder(of: file.path).map { ($0, ProgramOrigins.compiler(file.origin)) }
    }
    compilers = Dictionary(programs, uniquingKeysWith: { first, _ in first })
  }

  /// What differs besides the variant, a sentence each.
  func differences(_ baseline: Variant, _ candidate: Variant, workloads: Set<Subject>) -> [String] {
    let pairs = Set(workloads.map(\.workload)).compactMap { workload -> String? in
      guard let old = compilers[ProgramOrigins.folder(workload, baseline)],
        let new = compilers[ProgramOrigins.folder(workload, candidate)], old != new
      else { return nil }
      return "built by \(new), against \(old)"
    }
    return Set(pairs).sorted()
  }

  /// The folder without its hash.
  private static func folder(of path: String) -> String? {
    let parts = path.split(separator: "/")
    guard parts.count > 1, parts[parts.count - 2].contains("@"),
      let dash = parts[parts.count - 2].lastIndex(of: "-")
    else { return nil }
    return String(parts[parts.count - 2][..<dash])
  }

  private static func folder(_ workload: String, _ variant: Variant) -> String {
    // What is preloaded into is the plain dynamic program.
    let isPlain = variant.usesLibcAllocator || variant.linkage == .preload
    let linkage = variant.linkage == .preload ? Linkage.dynamic : variant.linkage
    return "\(workload)@\(variant.libc.rawValue)-\(linkage.rawValue)"
      + (isPlain ? "" : "-\(variant.allocator)") + (variant.cgo == true ? "-cgo" : "")
  }

  /// The compiler without its flags; musl-gcc is a script around the same compiler.
  private static func compiler(_ origin: String) -> String {
    var words = origin[...]
    if let flags = words.firstRange(of: ": -") { words = words[..<flags.lowerBound] }
    if words.hasPrefix("musl-gcc: "), let name = words.firstRange(of: "-gnu-") {
      words = words[name.upperBound...]
    }
    return String(words)
  }
}
