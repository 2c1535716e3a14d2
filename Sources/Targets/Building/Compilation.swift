import Model

/// One program to be compiled: its inputs, its commands, and the name of its place in the cache.
struct Compilation: Sendable {
  let name: String
  /// Paths of the sources.
  let sources: [String]
  /// Folders whose headers are included; their headers count among the inputs.
  let includes: [String]
  /// The folder that is taken out of debug information.
  let root: String
  let compiler: Compiler
  let linkage: Linkage
  let defines: [String]
  /// The allocator's arguments for the linker.
  let link: [String]
  /// Further files that the program is made from: the allocator's and the libc's archives.
  let libraries: [String]
  /// Whether it is no program but a library that can be preloaded.
  var isShared = false

  /// The whole command line without paths that change from one build to the next, for reports.
  var description: String {
    let language = languages.contains(.cxx) ? SourceLanguage.cxx : .c
    let flags = compiler.compileFlags(language, linkage: linkage, defines: defines)
    return
      ([compiler.version + ":"] + flags + (linkage == .static ? ["-static"] : []) + link.map(lastComponent))
      .joined(separator: " ")
  }

  private var languages: [SourceLanguage] { sources.compactMap { SourceLanguage(of: $0) } }

  /// Builds it, or finds it built: the path of the program.
  ///
  /// Throws: `TargetsError.commandFailed` with the compiler's first lines.
  func build(in cache: String, _ digests: FileDigests) async throws(TargetsError) -> String {
    let place = ProgramCache(cache: cache, name: name, key: try await key(digests))
    return try await place.program(receipt: description, digests: digests) { (folder) throws(TargetsError) in
      try await compile(place.programName, in: folder)
    }
  }

  private func compile(_ programName: String, in folder: String) async throws(TargetsError) {
    var objects: [String] = []
    for (index, source) in sources.enumerated() {
      let language = SourceLanguage(of: source) ?? .c
      let object = "\(index).o"
      let command =
        compiler.command(for: language)
        + compiler.compileFlags(language, linkage: linkage, defines: defines) + (isShared ? ["-fPIC"] : [])
        + includes.flatMap { ["-I", $0] }
        + ["-ffile-prefix-map=\(root)=.", "-ffile-prefix-map=\(folder)=.", "-c", source, "-o", object]
      try await run(command, doing: "compiling \(lastComponent(source))", in: folder)
      objects.append(object)
    }
    let usesCXX = languages.contains(.cxx)
    let linker = (usesCXX ? nil : compiler.linker) ?? compiler.command(for: usesCXX ? .cxx : .c)
    try await run(
      linker + compiler.linkFlags(linkage) + (isShared ? ["-shared"] : []) + objects + link + [
        "-o", programName,
      ], doing: "linking \(name)",
      in: folder)
    for object in objects { Files.remove("\(folder)/\(object)") }
  }

  private func run(_ command: [String], doing: String, in folder: String) async throws(TargetsError) {
    // What a killed compiler leaves is removed with the folder.
    let variables = compiler.environment.merging(["TMPDIR": folder]) { own, _ in own }
    try await ToolRunner.require(command, doing: doing, in: folder, environment: variables)
  }

  /// Everything that decides the program's bytes, as 16 hexadecimal digits.
  private func key(_ digests: FileDigests) async throws(TargetsError) -> String {
    let inputs = sources + headers() + libraries
    let contents = try await digests.digests(of: inputs)
    var lines = [
      isShared ? "shared compilation 1" : "compilation 1", compiler.version, compiler.machine, "\(linkage)",
    ]
    for language in [SourceLanguage.c, .cxx] {
      lines.append(
        compiler.compileFlags(language, linkage: linkage, defines: defines).joined(separator: "\u{1F}"))
    }
    lines.append((compiler.linkFlags(linkage) + link.map(lastComponent)).joined(separator: "\u{1F}"))
    for (path, digest) in zip(inputs, contents) { lines.append("\(lastComponent(path)) \(digest)") }
    return String(try await digests.digest(ofText: lines.joined(separator: "\n")).prefix(16))
  }

  private func headers() -> [String] {
    includes.flatMap { folder in
      Files.names(in: folder).filter { $0.hasSuffix(".h") || $0.hasSuffix(".hpp") }.map { "\(folder)/\($0)" }
    }
  }
}
