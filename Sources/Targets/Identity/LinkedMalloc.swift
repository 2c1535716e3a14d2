import Model

extension Builder {
  /// The allocator that a program's own links give it, before it runs; nil when that is not known, or its C library's.
  ///
  /// The dynamic linker lists what it would load, in the order in which it would search; nothing of the program runs.
  public func linkedAllocator(of program: CommandProgram, allocators: [AllocatorSpec]) async -> AllocatorID? {
    let judge = IdentityJudge(allocators: allocators)
    guard !program.isStatic else { return nil }
    if program.definesMalloc { return guest(of: program.program, judge) }
    guard let interpreter = try? ELFFile(path: program.program).interpreter, Files.exists(interpreter),
      let listed = try? await ToolRunner.run(
        [interpreter, "--list", program.program], environment: ["LD_PRELOAD": ""], errors: false),
      listed.succeeded
    else { return nil }
    for library in LoadedLibraries.paths(listed.text) {
      guard let file = try? ELFFile(path: library), (try? file.exports("malloc")) == true else { continue }
      let owner = judge.owner(ofFile: Files.resolved(library), expecting: "") ?? guest(of: library, judge)
      return owner.flatMap { judge.isLibc($0) ? nil : $0 }
    }
    return nil
  }

  /// The one allocator besides a C library's whose marks a file holds.
  private func guest(of path: String, _ judge: IdentityJudge) -> AllocatorID? {
    guard let evidence = try? staticEvidence(path) else { return nil }
    let guests = judge.owners(evidence.marks).filter { !judge.isLibc($0) }
    return guests.count == 1 ? guests[0] : nil
  }
}

/// What `ld.so --list` prints (ld.so(8), ldd(1)).
enum LoadedLibraries {
  /// The paths, in order, of lines such as `libm.so.6 => /lib/libm.so.6 (0x7f00)` and `/lib64/ld-linux.so.2 (0x7f00)`.
  static func paths(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let start =
        line.range(of: "=> ").map { line[$0.upperBound...] } ?? line.drop { $0 == "\t" || $0 == " " }
      guard start.hasPrefix("/") else { return nil }
      return start.range(of: " (0x").map { String(start[..<$0.lowerBound]) }
    }
  }
}
