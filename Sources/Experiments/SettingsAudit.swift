import Model
import Probes
import Targets

/// Audits the settings of a plan before its first trial, once for each variant and set.
public struct SettingsAudit: Sendable {
  private let programs: AuditedPrograms
  private let helperPath: String
  private let interrupt: Int32

  /// Audits with a catalogue's knowledge; `environment` is the user's, for commands.
  public init(
    catalogue: Catalogue, builder: Builder, environment: [String: String], helperPath: String,
    interrupt: Int32 = -1
  ) {
    programs = AuditedPrograms(catalogue: catalogue, builder: builder, environment: environment)
    self.helperPath = helperPath
    self.interrupt = interrupt
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
    let program = try await program(of: cell, plan: plan)
    var entries = try await entries(of: cell.settings.environment, in: program)
    if case .command(_, let arguments) = cell.subject, program.isProbe {
      entries = try await withRuntime(entries, arguments, cell, plan)
    }
    return AuditRecord(
      variant: cell.variant, settings: cell.settings.name, arm: cell.subject.arm, process: program.name,
      entries: entries)
  }

  /// For a workload the probe built as its variant. For a command the probe under the same preload, which answers
  /// at once; where there is none of its kind, the command itself.
  private func program(of cell: Cell, plan: Plan) async throws -> AuditedProgram {
    guard case .command(_, let arguments) = cell.subject else {
      return try await programs.probe(of: cell.variant)
    }
    if cell.variant.linkage != .static,
      case .available = await programs.builder.availability(of: cell.variant)
    {
      var probe = try await programs.probe(of: cell.variant)
      probe.name = "a probe with the same C library and preload as the command"
      return probe
    }
    return try await programs.command(arguments, variant: cell.variant, plan: plan)
  }

  /// The same entries, those of the Go runtime's settings from the command itself where it is a Go program.
  private func withRuntime(
    _ entries: [SettingAudit], _ arguments: [String], _ cell: Cell, _ plan: Plan
  ) async throws -> [SettingAudit] {
    guard let own = try await programs.goCommand(arguments, variant: cell.variant, plan: plan),
      let runtime = own.runtime, entries.contains(where: { runtime.environment.contains($0.variable) })
    else { return entries }
    let answers = try await self.entries(of: cell.settings.environment, in: own)
    return zip(entries, answers).map { runtime.environment.contains($0.variable) ? $1 : $0 }
  }

  private func entries(
    of environment: [EnvironmentAssignment], in program: AuditedProgram
  ) async throws -> [SettingAudit] {
    let catalogue = programs.catalogue.allocators
    let helperPath = helperPath
    let interrupt = interrupt
    return try await MeasuringThread.run {
      let auditor = try SettingsAuditor(
        program: program, catalogue: catalogue, helperPath: helperPath, interrupt: interrupt,
        scan: SettingsAudit.holds)
      return try auditor.audit(environment)
    }
  }

  /// Whether a variable's name, ended by NUL, stands in the loaded parts of a file. The byte before is not looked at:
  /// in some libraries a name follows other data directly.
  private static func holds(_ file: String, _ variable: String) -> Bool {
    guard let elf = try? ELFFile(path: file) else { return false }
    return (try? elf.signatures(among: [Array(variable.utf8) + [0]]).isEmpty == false) ?? false
  }
}
