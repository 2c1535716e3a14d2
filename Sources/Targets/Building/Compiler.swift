import Model

/// A compiler for a libc, with the commands that compile and link each language.
struct Compiler: Sendable {
  /// Which tools it consists of.
  enum Kind: Hashable, Sendable {
    case gnu
    case muslGCC
    case zigMusl
  }

  let kind: Kind
  let machine: String
  /// The C compiler and its leading arguments.
  var c: [String]
  /// The C++ compiler and its leading arguments; nil when it has none.
  let cxx: [String]?
  /// What links, where it is not the compiler of the language.
  var linker: [String]?
  /// Name and version.
  var version: String
  /// Variables that it needs.
  let environment: [String: String]

  /// The compiler for a language; what is missing is known before (see `Builder.compilerKind`).
  func command(for language: SourceLanguage) -> [String] {
    switch language {
    case .c, .go: c
    case .cxx: cxx ?? c
    }
  }

  /// Arguments that every source is compiled with. `folder` is taken out of debug information, so that two
  /// checkouts build the same bytes.
  func compileFlags(_ language: SourceLanguage, linkage: Linkage, defines: [String]) -> [String] {
    var flags = [language == .c ? "-std=gnu11" : "-std=c++17"]
    flags += ["-O2", "-g", "-fno-builtin", "-fno-omit-frame-pointer", "-pthread", "-Wall", "-Wextra"]
    // Workloads are kept free of gcc's warnings; clang's differ, and a warning is no reason not to measure.
    if kind != .zigMusl { flags.append("-Werror") }
    if linkage == .static { flags.append("-DHS_STATIC") }
    return flags + defines.map { "-D\($0)" }
  }

  /// Arguments of the link that do not depend on the allocator.
  func linkFlags(_ linkage: Linkage) -> [String] {
    var flags = ["-O2", "-g", "-pthread", "-Wl,--build-id=none"]
    if linkage == .static { flags.append("-static") }
    // Zig links musl statically unless told otherwise.
    if linkage != .static, kind == .zigMusl { flags.append("-dynamic") }
    return flags
  }
}

/// Finds compilers and asks each for its version once.
actor CompilerShelf {
  private let toolchains: Toolchains
  private let cache: String
  private let machine = Toolchains.machine
  private var versions: [CompilerTool: String] = [:]

  init(toolchains: Toolchains, cache: String) {
    self.toolchains = toolchains
    self.cache = cache
  }

  /// Why a compiler cannot be used; nil when it can.
  func obstacle(_ kind: Compiler.Kind, cxx: Bool) async -> String? {
    for tool in tools(kind, cxx: cxx) where toolchains.path(of: tool) == nil {
      return "\(tool.rawValue) is not installed; \(tool.installation(toolchains.tools))"
    }
    guard kind == .zigMusl else { return nil }
    do {
      let version = try await version(.zig)
      if Zig.carriesMallocng(version) { return nil }
      return "zig \(version) replaces musl's malloc by its own, so its programs do not show musl; "
        + Installation.python("ziglang==\(Zig.pinned)", toolchains.tools)
    } catch {
      return error.description
    }
  }

  /// The compiler of a kind.
  ///
  /// Throws: `TargetsError.toolMissing`.
  func compiler(_ kind: Compiler.Kind, cxx: Bool) async throws(TargetsError) -> Compiler {
    switch kind {
    case .gnu:
      return Compiler(
        kind: kind, machine: machine, c: [try path(.gcc)], cxx: cxx ? [try path(.gxx)] : nil,
        version: try await version(.gcc), environment: [:])
    case .muslGCC:
      return Compiler(
        kind: kind, machine: machine, c: [try path(.muslGCC)], cxx: nil,
        version: "musl-gcc: " + (try await version(.muslGCC)), environment: [:])
    case .zigMusl:
      let zig = try path(.zig)
      return Compiler(
        kind: kind, machine: machine, c: [zig, "cc", "-target", target],
        cxx: [zig, "c++", "-target", target],
        version: "zig " + (try await version(.zig)),
        environment: ["ZIG_GLOBAL_CACHE_DIR": cache + "/zig", "ZIG_LOCAL_CACHE_DIR": cache + "/zig"])
    }
  }

  /// The compiler for workloads. Where Zig links, gcc still compiles C, as in every other variant: clang's code of
  /// the control was 13 % slower, which would be held against the allocator.
  func workloadCompiler(_ kind: Compiler.Kind, cxx: Bool) async throws(TargetsError) -> Compiler {
    var compiler = try await compiler(kind, cxx: cxx)
    guard kind == .zigMusl, let gcc = toolchains.path(of: .muslGCC) else { return compiler }
    compiler.linker = compiler.c
    compiler.c = [gcc]
    compiler.version += " linking, musl-gcc compiling C: " + (try await version(.muslGCC))
    return compiler
  }

  /// Why Go programs cannot be built; nil when they can.
  func goObstacle() async -> String? {
    do {
      _ = try await go()
      return nil
    } catch {
      return error.description
    }
  }

  /// The go command, new enough for our module.
  ///
  /// Throws: `TargetsError.toolMissing`.
  func go() async throws(TargetsError) -> GoTool {
    let tool = GoTool(path: try path(.go), version: try await version(.go))
    guard GoTool.isNewEnough(tool.version) else {
      throw TargetsError.toolMissing(
        tool: "go \(GoTool.needed.major).\(GoTool.needed.minor) (\(tool.path) says \(tool.version))",
        install: CompilerTool.go.installation(toolchains.tools))
    }
    return tool
  }

  /// Zig's and configure's name for static musl on this machine.
  nonisolated var target: String { "\(machine)-linux-musl" }

  /// Where a tool is.
  func path(_ tool: CompilerTool) throws(TargetsError) -> String {
    guard let path = toolchains.path(of: tool) else {
      throw TargetsError.toolMissing(tool: tool.rawValue, install: tool.installation(toolchains.tools))
    }
    return path
  }

  private func tools(_ kind: Compiler.Kind, cxx: Bool) -> [CompilerTool] {
    switch kind {
    case .gnu: cxx ? [.gcc, .gxx] : [.gcc]
    case .muslGCC: [.muslGCC]
    case .zigMusl: [.zig]
    }
  }

  private func version(_ tool: CompilerTool) async throws(TargetsError) -> String {
    if let known = versions[tool] { return known }
    let found = try await Toolchains.version(of: tool, at: try path(tool))
    versions[tool] = found
    return found
  }
}
