import Model
import Targets

/// What `compare` runs: the user's commands, and what is preloaded into them.
public struct Comparison: Sendable {
  /// The commands, one an arm.
  public var subjects: [Subject]
  /// The program as it is, then the preloaded allocators; the first is the reference.
  public var variants: [Variant]
  /// Paths of the user's own libraries by the names under which they stand as allocators.
  public var libraries: [String: String]
  /// Allocators of the default set that are not installed, with the command that helps.
  public var missing: [String]

  /// Works out what is compared.
  ///
  /// `allocators` is what the user listed; nil stands for every preloadable one that is installed when
  /// `preloadsByDefault`, else for the programs as they are.
  /// Throws: `TargetsError` for a command that is not found or that nothing can be preloaded into, `InputError` for
  /// unknown allocators.
  public static func make(
    arms: [Subject], allocators: String?, preloadsByDefault: Bool, catalogue: Catalogue, builder: Builder,
    environment: [String: String]
  ) async throws -> Comparison {
    var programs: [CommandProgram] = []
    for arm in arms {
      guard case .command(_, let arguments) = arm, !arguments.isEmpty else { continue }
      programs.append(try CommandProgram.inspect(arguments: arguments, searchPath: environment["PATH"]))
    }
    let asItIs = try await plainVariant(of: programs, catalogue: catalogue, builder: builder)
    var comparison = Comparison(subjects: arms, variants: [asItIs], libraries: [:], missing: [])
    let obstacle = programs.lazy.compactMap(\.preloadObstacle).first
    if let allocators {
      for name in allocators.split(separator: ",").map(String.init) {
        try await comparison.add(name, catalogue: catalogue, builder: builder)
      }
    } else if preloadsByDefault, obstacle == nil {
      await comparison.addInstalled(catalogue: catalogue, builder: builder)
    }
    if let obstacle, comparison.variants.count > 1 || (preloadsByDefault && allocators == nil) {
      throw InputError(
        obstacle, hint: "build it dynamically for glibc, or measure it as it is with --arm NAME=COMMAND")
    }
    return comparison
  }

  /// What a program is without our doing; programs of several kinds go by the first.
  private static func plainVariant(
    of programs: [CommandProgram], catalogue: Catalogue, builder: Builder
  ) async throws -> Variant {
    guard let program = programs.first, program.isStatic, !program.startsOthers else {
      let libc = programs.first?.libc ?? .glibc
      let plain = Variant(libc: libc, linkage: .dynamic, allocator: AllocatorID(libc.rawValue))
      guard let program = programs.first,
        let linked = await builder.linkedAllocator(of: program, allocators: catalogue.allocators)
      else { return plain }
      let variant = Variant(libc: libc, linkage: .dynamic, allocator: linked)
      return (try? catalogue.allocator(linked))?.build(for: variant) == nil ? plain : variant
    }
    let guess = Variant(libc: .glibc, linkage: .static, allocator: "glibc")
    let judge = IdentityJudge(allocators: catalogue.allocators)
    let file = try await builder.staticEvidence(program.program)
    let process = ProcessEvidence(mallocFile: "", freeFile: "", mappedFiles: nil, preload: [])
    if judge.judge(variant: .pureGo, file: file, process: process).verified { return .pureGo }
    let found = judge.judge(variant: guess, file: file, process: process)
    guard let allocator = found.allocator else { return guess }
    return Variant(libc: Libc(rawValue: allocator.rawValue) ?? .glibc, linkage: .static, allocator: allocator)
  }

  private mutating func add(_ name: String, catalogue: Catalogue, builder: Builder) async throws {
    if name.contains("/") || name.hasSuffix(".so") {
      try await add(library: name, catalogue: catalogue, builder: builder)
      return
    }
    // The program as it is stands there already: its C library needs no preload.
    guard name != "glibc", name != "libc", name != variants[0].libc.rawValue else { return }
    let spec = try catalogue.allocator(AllocatorID(name))
    let variant = Variant(libc: .glibc, linkage: .preload, allocator: spec.id)
    guard spec.build(for: variant) != nil else {
      throw InputError(
        "\(name) cannot be preloaded",
        hint: "preloadable: " + Comparison.preloadable(catalogue).map(\.rawValue).joined(separator: ", "))
    }
    append(variant)
  }

  /// A library by its path: the C library's means the program as it is, a known allocator's means that allocator.
  private mutating func add(library name: String, catalogue: Catalogue, builder: Builder) async throws {
    if IdentityJudge(allocators: catalogue.allocators).isLibc(library: name) { return }
    for id in Comparison.preloadable(catalogue) {
      let variant = Variant(libc: .glibc, linkage: .preload, allocator: id)
      guard case .available = await builder.availability(toPreload: variant),
        let known = try? await builder.preloadLibrary(of: variant),
        known == AllocatorSpec.resolvedLibrary(name)
      else { continue }
      append(variant)
      return
    }
    let spec = try AllocatorSpec.userLibrary(path: name)
    let path = spec.builds["glibc/preload"]?.libraries.first ?? name
    if let other = libraries[spec.id.rawValue], other != path {
      throw InputError(
        "\(other) and \(path) would both be called '\(spec.id)'",
        hint: "copy or link one of them to a file of another name")
    }
    libraries[spec.id.rawValue] = path
    append(Variant(libc: .glibc, linkage: .preload, allocator: spec.id))
  }

  private mutating func addInstalled(catalogue: Catalogue, builder: Builder) async {
    for id in Comparison.preloadable(catalogue) {
      let variant = Variant(libc: .glibc, linkage: .preload, allocator: id)
      switch await builder.availability(toPreload: variant) {
      case .missing(let reason): missing.append("\(id): \(reason)")
      default: append(variant)
      }
    }
  }

  private mutating func append(_ variant: Variant) {
    if !variants.contains(variant) { variants.append(variant) }
  }

  private static func preloadable(_ catalogue: Catalogue) -> [AllocatorID] {
    catalogue.allocators.filter { $0.builds["glibc/preload"] != nil }.map(\.id)
  }
}
