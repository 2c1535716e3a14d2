import Model

/// One Go program to be built: its package, its inputs, and what C brings into it.
struct GoCompilation: Sendable {
  /// What cgo needs: a C compiler, and what the program is linked with.
  struct C: Sendable {
    var compiler: Compiler
    var linkage: Linkage
    /// The allocator's arguments for the linker.
    var link: [String]
    /// Further files that the program is made from: the allocator's and the libc's archives.
    var libraries: [String]
  }

  let name: String
  /// The folder of the package, below `root`.
  let package: String
  /// Folders whose Go files and headers it is built with as well.
  let includes: [String]
  /// The folder of the module.
  let root: String
  let tool: GoTool
  /// Nil for a program without cgo.
  let c: C?
  /// Build tags.
  let tags: [String]

  /// Compilers and flags without paths that change from one build to the next, for reports.
  var description: String {
    var words = [tool.version + ":", "-trimpath", "CGO_ENABLED=\(c == nil ? 0 : 1)"]
    if !tags.isEmpty { words.append("-tags " + tags.joined(separator: ",")) }
    if let c {
      words += [linkerFlags(c.link.map(lastComponent))]
      words.append("with \(c.compiler.version): \(compilerFlags(c))")
    }
    return words.joined(separator: " ")
  }

  /// Builds it, or finds it built: the path of the program.
  ///
  /// Throws: `TargetsError.commandFailed` with the compiler's first lines.
  func build(in cache: String, _ digests: FileDigests) async throws(TargetsError) -> String {
    let key = try await key(digests)
    let place = ProgramCache(cache: cache, name: name, key: key)
    return try await place.program(receipt: description, digests: digests) { (folder) throws(TargetsError) in
      let output = Files.resolved(folder)
      let command = try self.command(output: "\(output)/\(place.programName)")
      var variables = try environment(cache, key: key)
      variables["TMPDIR"] = output
      try await ToolRunner.require(command, doing: "building \(name)", in: root, environment: variables)
    }
  }

  // MARK: - the command

  private func command(output: String) throws(TargetsError) -> [String] {
    guard package.hasPrefix(root + "/") else {
      throw TargetsError.file(path: package, problem: "is not below \(root), so it is not of its Go module")
    }
    var words = [tool.path, "build", "-buildvcs=false", "-buildmode=exe"]
    if !tags.isEmpty { words += ["-tags", tags.joined(separator: ",")] }
    words += [
      "-ldflags", linkerFlags(try c?.link.map { (word) throws(TargetsError) in try quoted(word) } ?? []),
    ]
    return words + ["-o", output, "./" + package.dropFirst(root.count + 1)]
  }

  /// The linker's flags: symbols and debug information stay, the build id of the C linker is left out as in C programs.
  private func linkerFlags(_ link: [String]) -> String {
    guard let c else { return "-B=none" }
    var words = c.linkage == .static ? ["-static"] : []
    // Nothing in Go names malloc, so a linker that drops what is not needed would drop the allocator.
    if !link.isEmpty, c.linkage != .static { words.append("-Wl,--no-as-needed") }
    words += link
    return "-B=none -linkmode=external '-extldflags=\(words.joined(separator: " "))'"
  }

  /// The linker splits its flags at blanks outside of quotes; there is no escape for a quote itself.
  private func quoted(_ word: String) throws(TargetsError) -> String {
    guard !word.contains(where: { $0 == "'" || $0 == "\"" }) else {
      throw TargetsError.file(
        path: word, problem: "Go's linker takes no path with quotes; link or copy it elsewhere")
    }
    return word.contains(" ") ? "\"\(word)\"" : word
  }

  private func compilerFlags(_ c: C) -> String {
    "-O2 -g -fno-builtin -fno-omit-frame-pointer" + (c.linkage == .static ? " -DHS_STATIC" : "")
  }

  /// `go build` does not see headers outside of the package: the key makes it compile anew when one has changed.
  private func environment(_ cache: String, key: String) throws(TargetsError) -> [String: String] {
    var variables = try GoTool.environment(cache: cache)
    variables["CGO_ENABLED"] = c == nil ? "0" : "1"
    if let c {
      variables["CC"] = c.compiler.c.joined(separator: " ")
      variables["CGO_CFLAGS"] = compilerFlags(c) + " -DHS_KEY=0x\(key)"
    }
    return variables
  }

  // MARK: - the key

  /// Everything that decides the program's bytes, as 16 hexadecimal digits.
  private func key(_ digests: FileDigests) async throws(TargetsError) -> String {
    let inputs = ["\(root)/go.mod"] + ([package] + includes).flatMap(sources) + (c?.libraries ?? [])
    let contents = try await digests.digests(of: inputs)
    var lines = ["go compilation 2", description, c?.compiler.machine ?? Toolchains.machine]
    for (path, digest) in zip(inputs, contents) { lines.append("\(lastComponent(path)) \(digest)") }
    return String(try await digests.digest(ofText: lines.joined(separator: "\n")).prefix(16))
  }

  private func sources(_ folder: String) -> [String] {
    let endings = [".go", ".c", ".h", ".s"]
    return Files.names(in: folder).filter { name in
      endings.contains { name.hasSuffix($0) } && !name.hasSuffix("_test.go")
    }.map { "\(folder)/\($0)" }
  }
}
