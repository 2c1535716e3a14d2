import Foundation
import Model
import Probes
import Targets

/// A plan that is ready to be run: what can be measured, what is left out, and the files that take part.
public struct PreparedPlan: Sendable {
  /// Cells in the order of the plan, without those that were left out.
  public var cells: [PreparedCell]
  /// What was left out, and why.
  public var skipped: [SkippedVariant]
  /// Programs and libraries, each once.
  public var artifacts: [ArtifactRecord]
  /// Variables of the user's environment that act on allocators, as `NAME=VALUE`: cleared unless the plan keeps them.
  public var leakedVariables: [String]
}

/// Builds what a plan needs and works out how each cell is launched.
public struct Preparer: Sendable {
  private let catalogue: Catalogue
  private let builder: Builder
  private let environment: [String: String]
  private let judge: IdentityJudge
  private let files: ImageFiles

  /// Prepares with a catalogue's allocators; `environment` is the user's, for commands.
  public init(catalogue: Catalogue, builder: Builder, environment: [String: String]) {
    self.catalogue = catalogue
    self.builder = builder
    self.environment = environment
    judge = IdentityJudge(allocators: catalogue.allocators)
    files = ImageFiles(allocators: catalogue.allocators)
  }

  /// Builds everything; variants that are not installed are left out and listed, each once.
  ///
  /// Throws: `TargetsError` when a compiler fails or a command cannot be run as asked.
  public func prepare(_ plan: Plan) async throws -> PreparedPlan {
    let (_, leaks) = TargetEnvironment.inherited(environment, clearing: known)
    var result = PreparedPlan(cells: [], skipped: [], artifacts: [], leakedVariables: leaks)
    var missing: Set<Variant> = []
    for subject in plan.subjects {
      for variant in plan.variants where !missing.contains(variant) {
        switch subject {
        case .workload(let id, let parameters):
          let workload = try catalogue.workload(id)
          guard workload.runs(as: variant) else { continue }
          if case .missing(let reason) = await builder.availability(of: variant, workload: workload) {
            let isGeneral = await isMissing(variant)
            if isGeneral { missing.insert(variant) }
            result.skipped.append(
              SkippedVariant(variant: variant, workload: isGeneral ? nil : id, reason: reason))
            continue
          }
          let parts = try await built(workload, parameters, variant, plan)
          result.add(parts, subject: subject, variant: variant, plan: plan)
        case .command(_, let arguments):
          let parts = try await command(arguments, variant, plan)
          result.add(parts, subject: subject, variant: variant, plan: plan)
        }
      }
    }
    return result
  }

  /// Names of variables that act on some allocator.
  private var known: [String] { catalogue.allocators.flatMap(\.environment) }

  private func isMissing(_ variant: Variant) async -> Bool {
    if case .missing = await builder.availability(of: variant) { true } else { false }
  }

  private func built(
    _ workload: WorkloadSpec, _ parameters: [Parameter], _ variant: Variant, _ plan: Plan
  ) async throws -> CellParts {
    let defines = plan.sampling.counters ? [] : ["HS_WITHOUT_COUNTERS"]
    let target = try await builder.build(workload: workload, variant: variant, defines: defines)
    let launch = LaunchSpec(
      executable: target.executable,
      arguments: [workload.id] + parameters.map { "\($0.name)=\($0.value)" },
      environment: TargetEnvironment.plain, timeLimit: plan.limits.time, hasTelemetry: true)
    return CellParts(
      launch: launch, preload: target.preloadLibrary, fileSize: target.size, artifacts: target.artifacts,
      judge: identity(of: variant, target.evidence, preload: target.preloadLibrary))
  }

  private func command(_ arguments: [String], _ variant: Variant, _ plan: Plan) async throws -> CellParts {
    let program = try CommandProgram.inspect(
      command: arguments.first ?? "", searchPath: environment["PATH"])
    let preload = try await preloadLibrary(variant)
    let kept =
      plan.keepsEnvironment
      ? environment : TargetEnvironment.inherited(environment, clearing: known).environment
    let launch = LaunchSpec(
      executable: program.path, arguments: arguments, environment: kept, directory: plan.directory,
      timeLimit: plan.limits.time, hasTelemetry: false)
    var artifacts = [try await builder.record(kind: "command", path: program.program)]
    if let preload { artifacts.append(try await builder.record(kind: "allocator", path: preload)) }
    return CellParts(
      launch: launch, preload: preload, fileSize: artifacts[0].size, artifacts: artifacts,
      judge: proof(of: variant))
  }

  private func preloadLibrary(_ variant: Variant) async throws -> String? {
    guard variant.linkage == .preload else { return nil }
    return try await builder.preloadLibrary(of: variant)
  }

  /// A workload of ours is one process, which asked the dynamic linker itself.
  private func identity(
    of variant: Variant, _ evidence: StaticEvidence, preload: String?
  ) -> @Sendable (Observation) -> TrialProof {
    let judge = judge
    return { seen in
      let process = ProcessEvidence(
        mallocFile: seen.telemetry?.mallocFile ?? "", freeFile: seen.telemetry?.freeFile ?? "",
        mappedFiles: seen.mappedFiles, preload: preload.map { [$0] } ?? [])
      return TrialProof(identity: judge.judge(variant: variant, file: evidence, process: process))
    }
  }

  /// A command is a tree of whatever programs; only a preload claims which allocator serves them.
  private func proof(of variant: Variant) -> @Sendable (Observation) -> TrialProof {
    let tree = TreeJudge(
      judge: judge, files: files, expected: variant.linkage == .preload ? variant.allocator : nil)
    return { tree.judge($0.processes) }
  }
}

/// What a cell needs besides its settings.
private struct CellParts {
  var launch: LaunchSpec
  var preload: String?
  var fileSize: Bytes?
  var artifacts: [ArtifactRecord]
  var judge: @Sendable (Observation) -> TrialProof
}

extension PreparedPlan {
  fileprivate mutating func add(_ parts: CellParts, subject: Subject, variant: Variant, plan: Plan) {
    for settings in plan.settings(for: variant) {
      var launch = parts.launch
      launch.environment = TargetEnvironment.adding(settings, preload: parts.preload, to: launch.environment)
      cells.append(
        PreparedCell(
          cell: Cell(subject: subject, variant: variant, settings: settings), launch: launch,
          fileSize: parts.fileSize, judge: parts.judge))
    }
    for artifact in parts.artifacts where !artifacts.contains(where: { $0.path == artifact.path }) {
      artifacts.append(artifact)
    }
  }
}
