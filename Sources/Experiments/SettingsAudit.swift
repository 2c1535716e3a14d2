import Model
import Probes
import Targets

/// Audits the settings of a plan before its first trial, once for each variant and set.
public struct SettingsAudit: Sendable {
  private let programs: AuditedPrograms

  /// Audits with a catalogue's knowledge; `environment` is the user's, for commands.
  public init(
    catalogue: Catalogue, builder: Builder, environment: [String: String], helperPath: String,
    interrupt: Int32 = -1
  ) {
    programs = AuditedPrograms(
      catalogue: catalogue, builder: builder, environment: environment, helperPath: helperPath,
      interrupt: interrupt)
  }

  /// The audits of some cells; those with the same variant, set and arm share one. The default set needs none.
  ///
  /// Throws: `TargetsError` when the probe cannot be built, `ProbeError` when the harness itself fails.
  public func audit(_ cells: [Cell], plan: Plan) async throws -> [AuditRecord] {
    var records: [AuditRecord] = []
    for cell in cells where !cell.settings.environment.isEmpty {
      guard !records.contains(where: { $0.covers(cell) }) else { continue }
      records.append(try await audit(cell, plan: plan))
    }
    return records
  }

  private func audit(_ cell: Cell, plan: Plan) async throws -> AuditRecord {
    let set = cell.settings.environment
    let preload = set.last { $0.variable == Self.preloadVariable }?.value
    var (program, entries) = try await audit(
      set.filter { $0.variable != Self.preloadVariable }, cell, plan, preload: preload)
    // What is preloaded decides who reads the others, so that it is tried by itself.
    for (index, assignment) in set.enumerated() where assignment.variable == Self.preloadVariable {
      let place = place(of: index, in: set, entries)
      let own =
        cell.variant.linkage == .preload
        ? [overridden(assignment, by: cell.variant)] : try await audit([assignment], cell, plan).entries
      entries.insert(contentsOf: own, at: place)
    }
    return AuditRecord(
      variant: cell.variant, settings: cell.settings.name, arm: cell.subject.arm, process: program.name,
      entries: entries, sources: try await sources(of: program))
  }

  /// The variables of the user's shell that an allocator in one of a plan's commands reads, with who does; what is in
  /// workloads' environment is the plan's alone.
  ///
  /// Throws: `TargetsError` for a command that cannot be read, `ProbeError` when the harness itself fails.
  public func readers(of assignments: [String], plan: Plan) async throws -> [(
    assignment: String, reader: String
  )] {
    var result: [(assignment: String, reader: String)] = []
    guard !assignments.isEmpty else { return [] }
    for subject in plan.subjects {
      guard case .command(_, let arguments) = subject else { continue }
      for variant in plan.variants {
        let cell = Cell(subject: subject, variant: variant, settings: .none)
        guard let program = try? await program(of: cell, plan: plan, preload: nil) else { continue }
        let runtime = try await programs.goCommand(arguments, variant: variant, plan: plan)?.runtime
        for assignment in assignments {
          let variable = String(assignment.prefix { $0 != "=" })
          let reader = [program.allocator, runtime].compactMap(\.self).first { allocator in
            allocator.environment.contains { TargetEnvironment.matches(variable, $0) }
          }
          let isForLinker =
            variable == Self.preloadVariable && program.linker != nil && variant.linkage != .preload
          guard let name = reader?.id.rawValue ?? (isForLinker ? "the dynamic linker" : nil),
            !result.contains(where: { $0.assignment == assignment && $0.reader == name })
          else { continue }
          result.append((assignment, name))
        }
      }
    }
    return result
  }

  private func sources(of program: AuditedProgram) async throws -> [String] {
    let catalogue = programs.catalogue.allocators
    let (helperPath, interrupt) = (programs.helperPath, programs.interrupt)
    return try await MeasuringThread.run {
      try SettingsAuditor(
        program: program, catalogue: catalogue, helperPath: helperPath, interrupt: interrupt,
        scan: { _, _ in [] }
      ).sources()
    }
  }

  private static let preloadVariable = "LD_PRELOAD"

  /// Where the entry of an assignment stands among those of the others.
  private func place(of index: Int, in set: [EnvironmentAssignment], _ entries: [SettingAudit]) -> Int {
    let before = Set(set[..<index].map(\.variable))
    return entries.lastIndex { before.contains($0.variable) }.map { $0 + 1 } ?? 0
  }

  private func overridden(_ assignment: EnvironmentAssignment, by variant: Variant) -> SettingAudit {
    SettingAudit(
      variable: assignment.variable, key: nil, value: assignment.value, verdict: .acceptedNoEffect,
      evidence: "the variant preloads its own library in its place",
      outcome: "overridden by the variant's preload")
  }

  /// Audits settings in the program that answers for a cell, with what the set preloads.
  private func audit(
    _ set: [EnvironmentAssignment], _ cell: Cell, _ plan: Plan, preload: String? = nil
  ) async throws -> (program: AuditedProgram, entries: [SettingAudit]) {
    let program = try await program(of: cell, plan: plan, preload: preload)
    var entries = try await entries(of: set, in: program)
    if case .command(_, let arguments) = cell.subject, program.way != .output {
      entries = try await withRuntime(entries, set, arguments, cell, plan)
    }
    return (program, entries)
  }

  /// For a workload the probe built as its variant. A command is asked in itself; where that cannot be done a probe
  /// under the same preload stands in, and where there is none of its kind, what the command prints must do.
  private func program(of cell: Cell, plan: Plan, preload: String?) async throws -> AuditedProgram {
    guard case .command(_, let arguments) = cell.subject else {
      return try await programs.probe(of: cell.variant, preload: preload)
    }
    if let own = try await programs.own(arguments, variant: cell.variant, plan: plan, preload: preload) {
      return own
    }
    var command = try await programs.command(arguments, variant: cell.variant, plan: plan, preload: preload)
    if cell.variant.linkage != .static, let file = try await programs.serverAtExit(of: command),
      !programs.isAllocator(of: cell.variant, file)
    {
      // A stand-in would have another allocator: what the command prints must do.
      programs.setServer(file, of: &command)
      command.name = "the command itself; malloc is served by \(file)"
      return command
    }
    if cell.variant.linkage != .static, cell.variant.libc == .glibc,
      case .available = await programs.builder.availability(of: cell.variant)
    {
      var probe = try await programs.probe(of: cell.variant, preload: preload)
      probe.name = "a stand-in: a probe with the same C library and preload as the command"
      return probe
    }
    return command
  }

  /// The same entries, those of the Go runtime's settings from the command itself where it is a Go program.
  private func withRuntime(
    _ entries: [SettingAudit], _ set: [EnvironmentAssignment], _ arguments: [String], _ cell: Cell,
    _ plan: Plan
  ) async throws -> [SettingAudit] {
    guard let own = try await programs.goCommand(arguments, variant: cell.variant, plan: plan),
      let runtime = own.runtime, entries.contains(where: { runtime.environment.contains($0.variable) })
    else { return entries }
    let answers = try await self.entries(of: set, in: own)
    return zip(entries, answers).map { runtime.environment.contains($0.variable) ? $1 : $0 }
  }

  private func entries(
    of environment: [EnvironmentAssignment], in program: AuditedProgram
  ) async throws -> [SettingAudit] {
    let catalogue = programs.catalogue.allocators
    let (helperPath, interrupt) = (programs.helperPath, programs.interrupt)
    let isProbe = program.way == .probe
    return try await MeasuringThread.run {
      let auditor = try SettingsAuditor(
        program: program, catalogue: catalogue, helperPath: helperPath, interrupt: interrupt,
        scan: { isProbe ? SettingsAudit.exactName($0, $1) : SettingsAudit.names($0, $1) })
      return try auditor.audit(environment)
    }
  }

  /// A variable's name if it stands, ended by NUL, in the loaded parts of a file. The byte before is not looked at:
  /// in some libraries a name follows other data directly.
  private static func exactName(_ file: String, _ variable: String) -> [String] {
    guard let elf = try? ELFFile(path: file) else { return [] }
    let isThere = (try? elf.signatures(among: [Array(variable.utf8) + [0]]).isEmpty == false) ?? false
    return isThere ? [variable] : []
  }

  /// The names in a file of the user's program that a variable's name ends.
  private static func names(_ file: String, _ variable: String) -> [String] {
    guard let elf = try? ELFFile(path: file) else { return [] }
    return (try? elf.names(endingWith: variable).sorted()) ?? []
  }
}
