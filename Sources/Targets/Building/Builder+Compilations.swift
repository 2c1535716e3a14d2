import Model

extension Builder {
  /// The built program, and how it was made.
  func program(
    _ workload: WorkloadSpec, _ variant: Variant, _ build: AllocatorBuild, _ library: String?,
    _ defines: [String]
  ) async throws(TargetsError) -> (path: String, origin: String) {
    if variant.isGo {
      let compilation = try await goCompilation(workload, variant, build, library, defines)
      return (try await compilation.build(in: folder.cache, digests), compilation.description)
    }
    let compilation = try await compilation(workload, variant, build, library, defines)
    return (try await compilation.build(in: folder.cache, digests), compilation.description)
  }

  private func compilation(
    _ workload: WorkloadSpec, _ variant: Variant, _ build: AllocatorBuild, _ library: String?,
    _ defines: [String]
  ) async throws(TargetsError) -> Compilation {
    let cxx = usesCXX(workload)
    let kind = kind(variant, build, cxx: cxx)
    let way = LinkedWay(variant)
    let needsCXX = cxx || kind == .zigMusl && build.recipe != nil
    return Compilation(
      name: "\(workload.id)@\(way.name)", sources: workload.sources.map { "\(workload.folder)/\($0)" },
      includes: [folder.support, workload.folder], root: folder.workloads,
      compiler: try await shelf.workloadCompiler(kind, cxx: needsCXX), linkage: way.linkage, defines: defines,
      link: way.isLinked ? build.link.map { fill($0, library) } + (needsCXX && !cxx ? ["-lc++"] : []) : [],
      libraries: (way.isLinked ? [library].compactMap(\.self) : []) + libcArchive(variant, way.linkage))
  }

  private func goCompilation(
    _ workload: WorkloadSpec, _ variant: Variant, _ build: AllocatorBuild, _ library: String?,
    _ defines: [String]
  ) async throws(TargetsError) -> GoCompilation {
    let way = LinkedWay(variant)
    var c: GoCompilation.C?
    if variant.cgo == true {
      c = GoCompilation.C(
        compiler: try await shelf.compiler(kind(variant, build, cxx: false), cxx: false),
        linkage: way.linkage,
        link: way.isLinked ? build.link.map { fill($0, library) } : [],
        libraries: (way.isLinked ? [library].compactMap(\.self) : []) + libcArchive(variant, way.linkage))
    }
    return GoCompilation(
      name: "\(workload.id)@\(way.name)", package: workload.folder,
      includes: [folder.support + "/gotelemetry", folder.support], root: folder.workloads,
      tool: try await shelf.go(), c: c, tags: defines.map { $0.lowercased() })
  }

  /// A static program holds parts of libc.a, whose package is updated apart from the compiler's.
  private func libcArchive(_ variant: Variant, _ linkage: Linkage) -> [String] {
    guard linkage == .static else { return [] }
    return [libraries.find(AllocatorBuild(libraries: ["libc.a"]), libc: variant.libc)].compactMap(\.self)
  }

  func library(_ build: AllocatorBuild, _ spec: AllocatorSpec, _ variant: Variant)
    async throws(TargetsError) -> String?
  {
    guard let recipe = build.recipe else { return libraries.find(build, libc: variant.libc) }
    return try await recipes.product(recipe, id: spec.id, libc: variant.libc)
  }

  private func fill(_ argument: String, _ library: String?) -> String {
    libraries.fill(argument).replacing("{library}", with: library ?? "").replacing(
      "{product}", with: library ?? "")
  }

  /// musl-gcc has no C++, and an archive that Zig made needs Zig's C++ library.
  func kind(_ variant: Variant, _ build: AllocatorBuild, cxx: Bool) -> Compiler.Kind {
    switch variant.libc {
    case .glibc, .none: .gnu
    case .musl: cxx || build.recipe?.toolchain == RecipeToolchain.zigMusl.rawValue ? .zigMusl : .muslGCC
    }
  }

  func usesCXX(_ workload: WorkloadSpec?) -> Bool {
    workload?.sources.contains { SourceLanguage(of: $0) == .cxx } ?? false
  }
}

/// What a variant's program is linked with, which is also the name of its place in the cache.
private struct LinkedWay {
  /// A preload variant is the plain dynamic program, built once for all of them.
  let linkage: Linkage
  /// Whether the allocator is linked into it.
  let isLinked: Bool
  let name: String

  init(_ variant: Variant) {
    linkage = variant.linkage == .preload ? .dynamic : variant.linkage
    isLinked = variant.linkage != .preload && !variant.usesLibcAllocator && variant.libc != .none
    let parts = ["\(variant.libc)", "\(linkage)"] + (isLinked ? ["\(variant.allocator)"] : [])
    name = (parts + (variant.cgo.map { [$0 ? "cgo" : "nocgo"] } ?? [])).joined(separator: "-")
  }
}
