/// A fact about the host, with where it was read.
public struct HostFact: Hashable, Codable, Sendable {
  /// Stable name, e.g. `cpu_model`.
  public let name: String
  /// What was found.
  public let value: String

  /// States a fact.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// An executable or library that took part, so that a figure can be traced to the very file.
public struct ArtifactRecord: Hashable, Codable, Sendable {
  /// What it is: `target`, `allocator` or `command`.
  public let kind: String
  /// Its path.
  public let path: String
  /// Its size.
  public let size: Bytes
  /// SHA-256 in hexadecimal.
  public let sha256: String
  /// How it was made or where it comes from: compiler and flags, or package and version.
  public let origin: String

  /// Describes a file.
  public init(kind: String, path: String, size: Bytes, sha256: String, origin: String) {
    self.kind = kind
    self.path = path
    self.size = size
    self.sha256 = sha256
    self.origin = origin
  }
}

/// A variant of the plan that could not be measured, and what to do about it.
public struct SkippedVariant: Hashable, Codable, Sendable {
  /// Which.
  public let variant: Variant
  /// For which workload; nil when for all.
  public let workload: String?
  /// Why not, with the command that would help.
  public let reason: String

  /// States what is missing.
  public init(variant: Variant, workload: String?, reason: String) {
    self.variant = variant
    self.workload = workload
    self.reason = reason
  }
}

/// Everything one `run` measured on one host, without its trials.
public struct Session: Hashable, Sendable {
  /// A short sortable name: UTC date, time and four random letters, e.g. `20260102-030405-abcd`.
  public var id: String
  /// When it began, in seconds since 1970.
  public var startedAt: Double
  /// What it was told.
  public var plan: Plan
  /// The host.
  public var host: [HostFact]
  /// What of the plan was left out, visibly.
  public var skipped: [SkippedVariant]
  /// The files that took part.
  public var artifacts: [ArtifactRecord]
  /// The version of heapscale.
  public var version: String
  /// The command line, for reproducing.
  public var commandLine: [String]
  /// What became of the settings, for each variant and set; empty in sessions of versions without audit.
  public var audits: [AuditRecord]
  /// Memory events of cells in a simulated machine; empty unless they were asked for.
  public var simulations: [SimulationRecord]
  /// What its figures depend on, as it was when it began; empty in sessions of older versions.
  public var facts: [ExperimentFact]

  /// Describes a session.
  public init(
    id: String, startedAt: Double, plan: Plan, host: [HostFact], skipped: [SkippedVariant],
    artifacts: [ArtifactRecord], version: String, commandLine: [String], audits: [AuditRecord] = [],
    simulations: [SimulationRecord] = [], facts: [ExperimentFact] = []
  ) {
    self.id = id
    self.startedAt = startedAt
    self.plan = plan
    self.host = host
    self.skipped = skipped
    self.artifacts = artifacts
    self.version = version
    self.commandLine = commandLine
    self.audits = audits
    self.simulations = simulations
    self.facts = facts
  }

  /// The name of the fact that says why a run which stops by itself stopped.
  public static let stoppedFact = "stopped"
  /// The name of the host fact that says why nothing was measured after the warm-up.
  public static let futileFact = "failed_in_warmup"

  /// The name of the host fact that says what was left out of a redacted session.
  public static let redactedFact = "redacted"

  /// The name of the fact that says which variables of the user's shell act on the commands' allocators, and whether
  /// they were cleared.
  public static let shellFact = "variables_of_the_shell"

  /// The simulation of a cell; nil when it was not simulated.
  public func simulation(of cell: Cell) -> SimulationRecord? {
    simulations.first { $0.cellKey == cell.key }
  }

  /// Why a cell is not measured although the plan has it: all its settings are inert in it, so that it is the same
  /// as the cell without them, which is measured. Nil for cells that are measured.
  public func reasonToLeaveOut(_ cell: Cell) -> String? {
    let entries = audit(of: cell)
    guard !plan.measuresInert, !entries.isEmpty, entries.allSatisfy({ $0.verdict == .inert }),
      plan.settings(for: cell.variant).contains(where: { $0.environment.isEmpty })
    else { return nil }
    return "not measured: every setting is inert here (--measure-inert measures it)"
  }

  /// What became of the settings of a cell; empty when nothing was set or audited.
  public func audit(of cell: Cell) -> [SettingAudit] { audits.first { $0.covers(cell) }?.entries ?? [] }
}
