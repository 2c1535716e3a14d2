import Model

/// Builds workloads as variants, and says which variants can be built here.
///
/// Programs go into the cache under a name made from everything they are made of, so that a second build is
/// found instead of made, also by another process at the same time.
public actor Builder {
  let folder: DataFolder
  let shelf: CompilerShelf
  let digests = FileDigests()
  private let catalogue: Catalogue
  private let notice: @Sendable (String) -> Void
  let libraries: LibraryFinder
  let recipes: SourceBuild
  private let register: ArtifactRegister
  private var evidence: [String: StaticEvidence] = [:]

  /// Builds into the folders of `folder` from the catalogue's allocators. `environment` is where `PATH` comes
  /// from; `notice` is called with a sentence before anything that takes long.
  public init(
    folder: DataFolder, catalogue: Catalogue, environment: [String: String],
    notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.catalogue = catalogue
    self.notice = notice
    shelf = CompilerShelf(
      toolchains: Toolchains(folder: folder, environment: environment), cache: folder.cache)
    libraries = LibraryFinder(machine: Toolchains.machine, tools: folder.tools)
    register = ArtifactRegister(tools: folder.tools, digests: digests)
    recipes = SourceBuild(folder: folder, shelf: shelf, digests: digests, notice: notice)
  }

  // MARK: - what can be built

  /// Whether a variant can be built here, for any workload or for one.
  public func availability(of variant: Variant, workload: WorkloadSpec? = nil) async -> Availability {
    do {
      try catalogue.check(variant)
    } catch {
      return .missing(error.description)
    }
    if let foreign = variant.foreignArchitecture, foreign != Toolchains.machine {
      return .missing("programs for \(foreign) are not built on \(Toolchains.machine) yet")
    }
    guard let spec = try? catalogue.allocator(variant.allocator), let build = spec.build(for: variant) else {
      return .missing("\(variant.allocator) has no such build")
    }
    if let workload, !workload.runs(as: variant) {
      let kind =
        workload.isGo ? workload.needsCgo ? "a Go program with cgo" : "a Go program" : "no Go program"
      return .missing("\(workload.id) is \(kind)")
    }
    if variant.isGo {
      if let obstacle = await shelf.goObstacle() { return .missing(obstacle) }
      if variant.libc == .none { return .available((try? await shelf.path(.go)) ?? "go") }
    }
    let cxx = usesCXX(workload)
    if let obstacle = await shelf.obstacle(kind(variant, build, cxx: cxx), cxx: cxx) {
      return .missing(obstacle)
    }
    if let recipe = build.recipe {
      return await recipes.availability(recipe, id: spec.id, libc: variant.libc)
    }
    return library(of: build, variant)
  }

  /// Whether an allocator's library can be preloaded into programs that are there already: that needs no compiler.
  public func availability(toPreload variant: Variant) -> Availability {
    guard variant.linkage == .preload, let spec = try? catalogue.allocator(variant.allocator),
      let build = spec.build(for: variant)
    else { return .missing("\(variant.allocator) cannot be preloaded") }
    return library(of: build, variant)
  }

  private func library(of build: AllocatorBuild, _ variant: Variant) -> Availability {
    guard let library = libraries.find(build, libc: variant.libc) else {
      return .missing(
        "\(build.libraries.map(libraries.fill).joined(separator: " or ")) is not here; \(installation(build))"
      )
    }
    return .available(library)
  }

  private func installation(_ build: AllocatorBuild) -> String {
    if let package = build.package { return Installation.debian(package) }
    if let package = build.pythonPackage { return Installation.python(package, folder.tools) }
    return "put it there, or change the allocator's file in \(folder.allocators)"
  }

  // MARK: - building

  /// Builds a workload as a variant, or finds it built. `defines` are further macros, e.g. `HS_WITHOUT_COUNTERS`.
  ///
  /// Throws: `TargetsError.variantMissing` with what installs the missing part, `commandFailed` with the
  /// compiler's first lines.
  public func build(workload: WorkloadSpec, variant: Variant, defines: [String] = [])
    async throws(TargetsError)
    -> BuiltTarget
  {
    if case .missing(let reason) = await availability(of: variant, workload: workload) {
      throw TargetsError.variantMissing(variant: variant.description, reason: reason)
    }
    guard let spec = try? catalogue.allocator(variant.allocator), let build = spec.build(for: variant) else {
      throw TargetsError.variantMissing(variant: variant.description, reason: "its allocator is unknown")
    }
    let library = try await library(build, spec, variant)
    let (program, origin) = try await program(workload, variant, build, library, defines)
    let preload = variant.linkage == .preload ? library.map(Files.resolved) : nil
    if let preload { try AllocatorSpec.requirePreloadable(preload) }
    let made = try await register.record("target", program, origin: origin)
    return BuiltTarget(
      workload: workload.id, variant: variant, executable: program, size: made.size, preloadLibrary: preload,
      artifacts: [made] + (try await register.allocator(library, build, recipes)),
      toolchain: origin, evidence: try staticEvidence(program))
  }

  /// The library that a preload variant loads, links resolved.
  ///
  /// Throws: `TargetsError.variantMissing` with what installs it.
  public func preloadLibrary(of variant: Variant) throws(TargetsError) -> String {
    guard case .available(let library) = availability(toPreload: variant) else {
      var reason = "its library is not here"
      if case .missing(let why) = availability(toPreload: variant) { reason = why }
      throw TargetsError.variantMissing(variant: variant.description, reason: reason)
    }
    let resolved = Files.resolved(library)
    try AllocatorSpec.requirePreloadable(resolved)
    return resolved
  }

  /// What a program's file tells about its allocator; read once for each file.
  public func staticEvidence(_ path: String) throws(TargetsError) -> StaticEvidence {
    if let known = evidence[path] { return known }
    let read = try StaticEvidence.read(file: path, allocators: catalogue.allocators)
    evidence[path] = read
    return read
  }

  /// Size, SHA-256 and origin of a file; the origin is its Debian package when none is given.
  public func record(kind: String, path: String, origin: String? = nil) async throws(TargetsError)
    -> ArtifactRecord
  {
    try await register.record(kind, path, origin: origin)
  }

  /// SHA-256 of files in hexadecimal, in the order of the paths.
  public func digests(of paths: [String]) async throws(TargetsError) -> [String] {
    try await digests.digests(of: paths)
  }

  /// The helper that starts measured programs: the one installed beside heapscale, else built from its source.
  public func launcher() async throws(TargetsError) -> String {
    let own = parentFolder(folder.executable)
    for place in ["\(own)/heapscale-launch", "\(parentFolder(own))/libexec/heapscale/heapscale-launch"]
    where Files.isExecutable(place) {
      return place
    }
    let musl = await shelf.obstacle(.muslGCC, cxx: false) == nil
    let compilation = Compilation(
      name: "heapscale-launch", sources: [folder.support + "/launch.c"], includes: [folder.support],
      root: folder.workloads, compiler: try await shelf.compiler(musl ? .muslGCC : .gnu, cxx: false),
      linkage: .static, defines: [], link: [], libraries: [])
    return try await compilation.build(in: folder.cache, digests)
  }
}
