import Model
import Probes
import Targets

/// Finds the program that answers for a variant's settings: our probe built as the variant, or a user's command.
struct AuditedPrograms: Sendable {
  let catalogue: Catalogue
  let builder: Builder
  let environment: [String: String]

  /// The probe of a variant, which stands for all workloads that are built as it.
  func probe(of variant: Variant) async throws -> AuditedProgram {
    let target = try await builder.buildProbe(variant: variant)
    let launch = LaunchSpec(
      executable: target.executable, arguments: [target.executable],
      environment: TargetEnvironment.adding(
        .none, preload: target.preloadLibrary, to: TargetEnvironment.plain),
      timeLimit: AuditedPrograms.timeLimit, hasTelemetry: false)
    let allocator = try catalogue.allocator(variant.allocator)
    let files = [target.executable] + target.artifacts.filter { $0.kind == "allocator" }.map(\.path)
    return AuditedProgram(
      launch: launch, isProbe: true, name: "the probe built as \(variant)", allocator: allocator,
      memory: flags(of: [allocator], in: files), linker: linker(of: target.executable))
  }

  /// A user's command with what a variant preloads into it.
  func command(_ arguments: [String], variant: Variant, plan: Plan) async throws -> AuditedProgram {
    let program = try CommandProgram.inspect(command: arguments.first ?? "", searchPath: environment["PATH"])
    let preload = variant.linkage == .preload ? try await builder.preloadLibrary(of: variant) : nil
    let known = catalogue.allocators.flatMap(\.environment)
    let kept =
      plan.keepsEnvironment
      ? environment : TargetEnvironment.inherited(environment, clearing: known).environment
    let launch = LaunchSpec(
      executable: program.path, arguments: arguments,
      environment: TargetEnvironment.adding(.none, preload: preload, to: kept), directory: plan.directory,
      timeLimit: AuditedPrograms.timeLimit, hasTelemetry: false)
    let allocator = try? catalogue.allocator(variant.allocator)
    return AuditedProgram(
      launch: launch, isProbe: false, name: "the command itself", allocator: allocator,
      memory: flags(of: [allocator].compactMap(\.self), in: [program.program] + [preload].compactMap(\.self)),
      linker: linker(of: program.program))
  }

  /// A command that does not end within this time is audited by what it said until then.
  private static let timeLimit = Nanoseconds(seconds: 10)

  /// Where the flags of gperftools lie, whichever file brings them.
  private func flags(of allocators: [AllocatorSpec], in files: [String]) -> [String: MemoryLocation] {
    // The flags of the full library exist in the minimal one, which leaves them alone: that is an answer as well.
    let related = catalogue.allocators.filter { other in
      allocators.contains { $0.id == other.id || other.marks.includes.contains($0.id) }
    }
    var result: [String: MemoryLocation] = [:]
    let wanted = related.flatMap(\.settings.settings).flatMap(\.readBack).compactMap { readBack in
      if case .flag(let flag) = readBack { (name: readBack.description, flag: flag) } else { nil }
    }
    guard !wanted.isEmpty else { return [:] }
    for path in files {
      guard let file = try? ELFFile(path: path),
        let found = try? file.addresses(of: wanted.map(\.flag.symbol))
      else {
        continue
      }
      for (name, flag) in wanted where result[name] == nil {
        guard let address = found[flag.symbol] else { continue }
        result[name] = MemoryLocation(
          file: path, address: address, isRelocated: file.isSharedObject, kind: .init(flag.kind))
      }
    }
    return result
  }

  /// glibc's dynamic linker, when it is the program's.
  private func linker(of program: String) -> String? {
    guard let file = try? ELFFile(path: program), file.libc == .glibc else { return nil }
    return file.interpreter
  }
}

extension MemoryLocation.Kind {
  fileprivate init(_ kind: GperftoolsFlag.Kind) {
    switch kind {
    case .bool: self = .bool
    case .double: self = .double
    case .int32: self = .int32
    case .int64: self = .int64
    }
  }
}
