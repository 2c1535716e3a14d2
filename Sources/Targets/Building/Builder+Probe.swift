import Model

extension Builder {
  /// Builds the program that answers what is asked about its allocator, or finds it built: `support/probe.c` for
  /// programs in C, `support/goprobe` for those in Go, linked as the variant's workloads are.
  ///
  /// Throws: `TargetsError.variantMissing` with what installs the missing part, `commandFailed` with the compiler's
  /// first lines.
  public func buildProbe(variant: Variant) async throws(TargetsError) -> BuiltTarget {
    let (id, source) = variant.isGo ? ("goprobe", "main.go") : ("probe", "probe.c")
    let place = variant.isGo ? "\(folder.support)/goprobe" : folder.support
    let probe = WorkloadSpec(
      id: id, title: "Probe", pattern: "Answers requests.", exposes: "settings",
      reference: "made for heapscale",
      analysis: "None.", isControl: false, folder: place, sources: [source], parameters: [])
    return try await build(workload: probe, variant: variant)
  }

  /// The library that answers in a user's program for glibc what the probe answers in itself: the one installed beside
  /// heapscale, so that no compiler is needed, else built from `support/ask.c`.
  ///
  /// Throws: `TargetsError.toolMissing` without a compiler, `commandFailed` with its first lines.
  public func askLibrary() async throws(TargetsError) -> String {
    let own = parentFolder(folder.executable)
    for place in ["\(own)/heapscale-ask", "\(parentFolder(own))/libexec/heapscale/heapscale-ask"]
    where Files.exists(place) {
      return place
    }
    var compilation = Compilation(
      name: "heapscale-ask", sources: [folder.support + "/ask.c"], includes: [folder.support],
      root: folder.workloads, compiler: try await shelf.compiler(.gnu, cxx: false), linkage: .dynamic,
      defines: [], link: [], libraries: [])
    compilation.isShared = true
    return try await compilation.build(in: folder.cache, digests)
  }

  /// The tool that reads what `goLayout` needs; built for this machine, without cgo.
  ///
  /// Throws: `TargetsError.toolMissing` without Go, `commandFailed` with the compiler's first lines.
  public func goDebugTool() async throws(TargetsError) -> String {
    let compilation = GoCompilation(
      name: "godebug@nocgo", package: folder.support + "/godebug", includes: [], root: folder.workloads,
      tool: try await shelf.go(), c: nil, tags: [])
    return try await compilation.build(in: folder.cache, digests)
  }

  /// Where a Go program's runtime keeps the variables of GODEBUG, and how it was built; nil when the file is no Go
  /// program.
  ///
  /// Throws: `TargetsError.file` when there is no such file, `toolMissing` without Go, `commandFailed` when the tool
  /// breaks.
  public func goLayout(of file: String) async throws(TargetsError) -> GoLayout? {
    guard Files.exists(file) else { throw TargetsError.file(path: file, problem: "does not exist") }
    let command = [try await goDebugTool(), file]
    let output = try await ToolRunner.run(command)
    if output.status == "exit code 2" { return nil }
    guard output.succeeded, let layout = GoLayoutText.read(output.text) else {
      throw TargetsError.commandFailed(
        doing: "reading the Go runtime's variables", command: command, status: output.status,
        output: output.head())
    }
    return layout
  }
}

/// The lines that `support/godebug` prints.
enum GoLayoutText {
  /// Nil when a line is not of a known form.
  static func read(_ text: String) -> GoLayout? {
    var layout = GoLayout(isPositionIndependent: false, fields: [:], build: [:])
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard words.count > 1 else { return nil }
      switch words[0] {
      case "pie": layout.isPositionIndependent = words[1] == "1"
      case "build": layout.build[words[1]] = words.count > 2 ? words[2] : ""
      case "field":
        let numbers = words.count > 2 ? words[2].split(separator: " ").compactMap { UInt64($0) } : []
        guard numbers.count == 2 else { return nil }
        layout.fields[words[1]] = GoLayout.Field(address: numbers[0], size: Int(clamping: numbers[1]))
      default: return nil
      }
    }
    return layout
  }
}
