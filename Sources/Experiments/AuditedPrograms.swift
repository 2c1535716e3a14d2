import Model
import Probes
import Targets

/// Finds the program that answers for a variant's settings: our probe built as the variant, or a user's command.
struct AuditedPrograms: Sendable {
  let catalogue: Catalogue
  let builder: Builder
  let environment: [String: String]
  let helperPath: String
  let interrupt: Int32

  /// The probe of a variant, which stands for all workloads that are built as it. `preload` is what the settings
  /// themselves preload: the allocator is then whatever serves malloc with it.
  func probe(of variant: Variant, preload: String? = nil) async throws -> AuditedProgram {
    let target = try await builder.buildProbe(variant: variant)
    let launch = LaunchSpec(
      executable: target.executable, arguments: [target.executable],
      environment: TargetEnvironment.adding(
        .none, preload: target.preloadLibrary ?? preload, to: TargetEnvironment.plain),
      timeLimit: AuditedPrograms.probeLimit, hasTelemetry: false)
    let allocator = variant.libc == .none ? nil : try catalogue.allocator(variant.allocator)
    let files = [target.executable] + target.artifacts.filter { $0.kind == "allocator" }.map(\.path)
    var program = AuditedProgram(
      launch: launch, way: .probe, name: "the probe built as \(variant)", allocator: allocator,
      memory: flags(of: allocator, in: files), linker: linker(of: target.executable))
    if variant.isGo { try await addRuntime(of: target.executable, to: &program) }
    if preload != nil, target.preloadLibrary == nil, let file = try await server(of: program) {
      setServer(file, of: &program)
    }
    return program
  }

  /// A user's command with what a variant, or else its settings, preload into it; its allocator is the variant's.
  func command(_ arguments: [String], variant: Variant, plan: Plan, preload own: String? = nil) async throws
    -> AuditedProgram
  {
    let program = try CommandProgram.inspect(command: arguments.first ?? "", searchPath: environment["PATH"])
    let library = variant.linkage == .preload ? try await builder.preloadLibrary(of: variant) : nil
    let preload = library ?? own
    let known = catalogue.allocators.flatMap(\.environment)
    let kept =
      plan.keepsEnvironment
      ? environment : TargetEnvironment.inherited(environment, clearing: known).environment
    let launch = LaunchSpec(
      executable: program.path, arguments: arguments,
      environment: TargetEnvironment.adding(.none, preload: preload, to: kept), directory: plan.directory,
      timeLimit: AuditedPrograms.timeLimit, hasTelemetry: false)
    let allocator = variant.libc == .none ? nil : try? catalogue.allocator(variant.allocator)
    var audited = AuditedProgram(
      launch: launch, way: .output, name: "the command itself", allocator: allocator,
      memory: flags(of: allocator, in: [program.program] + [preload].compactMap(\.self)),
      linker: linker(of: program.program))
    if isGo(program.program) { try await addRuntime(of: program.program, to: &audited) }
    return audited
  }

  /// A user's command, if it is a Go program: its runtime can only be asked in itself.
  func goCommand(_ arguments: [String], variant: Variant, plan: Plan) async throws -> AuditedProgram? {
    let program = try CommandProgram.inspect(command: arguments.first ?? "", searchPath: environment["PATH"])
    guard isGo(program.program) else { return nil }
    return try await command(arguments, variant: variant, plan: plan)
  }

  /// Whether a file carries the mark of Go's build information.
  private func isGo(_ path: String) -> Bool {
    guard let go = try? catalogue.allocator(AuditedPrograms.goRuntime), let file = try? ELFFile(path: path)
    else {
      return false
    }
    return (try? file.signatures(among: [go.marks.signature]).isEmpty == false) ?? false
  }

  private static let goRuntime: AllocatorID = "go"

  /// Adds what can be read of the Go runtime from outside. Without Go's own tools its variables are not found, and
  /// settings that need them are unverifiable.
  private func addRuntime(of path: String, to program: inout AuditedProgram) async throws {
    program.runtime = try catalogue.allocator(AuditedPrograms.goRuntime)
    guard let layout = try? await builder.goLayout(of: path) else { return }
    program.buildInformation = layout.build
    for (name, field) in layout.fields {
      guard let kind = MemoryLocation.Kind(bytes: field.size) else { continue }
      program.memory[SettingReadBack.runtimeDebug(name).description] = MemoryLocation(
        file: path, address: field.address, isRelocated: layout.isPositionIndependent, kind: kind)
    }
  }

  /// The probe answers in milliseconds; a setting that makes it take seconds makes it useless.
  private static let probeLimit = Nanoseconds(seconds: 5)

  /// A command that does not end within this time is audited by what it said until then.
  static let timeLimit = Nanoseconds(seconds: 10)

  /// The file that malloc is taken from in a program that answers requests.
  func server(of program: AuditedProgram) async throws -> String? {
    let (helperPath, interrupt) = (helperPath, interrupt)
    return try await MeasuringThread.run { try program.server(helperPath: helperPath, interrupt: interrupt) }
  }

  /// The file that malloc is taken from at the end of a run of a program that answers no requests.
  func serverAtExit(of program: AuditedProgram) async throws -> String? {
    let (helperPath, interrupt) = (helperPath, interrupt)
    return try await MeasuringThread.run {
      try program.serverAtExit(helperPath: helperPath, interrupt: interrupt)
    }
  }

  /// Whether a file holds the malloc of a variant's allocator.
  func isAllocator(of variant: Variant, _ file: String) -> Bool {
    IdentityJudge(allocators: catalogue.allocators).allocator(ofFile: file) == variant.allocator
  }

  /// Takes the allocator of a file for the one that serves malloc.
  func setServer(_ file: String, of program: inout AuditedProgram) {
    let judge = IdentityJudge(allocators: catalogue.allocators)
    program.allocator = judge.allocator(ofFile: file).flatMap { try? catalogue.allocator($0) }
    program.server = program.allocator == nil ? file : nil
    program.memory.merge(flags(of: program.allocator, in: [file])) { $1 }
  }

  /// Where the flags of gperftools lie, whichever file brings them.
  private func flags(of allocator: AllocatorSpec?, in files: [String]) -> [String: MemoryLocation] {
    guard let allocator else { return [:] }
    // The flags of the full library exist in the minimal one, which leaves them alone: that is an answer as well.
    let related = catalogue.allocators.filter {
      $0.id == allocator.id || $0.marks.includes.contains(allocator.id)
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
  /// A whole number of so many bytes; nil for what is none.
  fileprivate init?(bytes: Int) {
    switch bytes {
    case 1: self = .bool
    case 4: self = .int32
    case 8: self = .int64
    default: return nil
    }
  }

  fileprivate init(_ kind: GperftoolsFlag.Kind) {
    switch kind {
    case .bool: self = .bool
    case .double: self = .double
    case .int32: self = .int32
    case .int64: self = .int64
    }
  }
}
