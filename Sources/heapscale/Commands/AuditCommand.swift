import ArgumentParser
import Experiments
import Foundation
import Model
import Reports

/// `heapscale audit`: what settings do, before anything is measured.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract:
      "Proves for each setting whether it takes effect: reads it back from a process that runs with it.",
    discussion: """
      heapscale runs a small program built as the variant, with the settings and without them, and compares what the \
      allocator answers: by its own interface, by its variables in memory, by what it prints, or by what malloc does. A \
      command of yours is asked in itself: at its start, or, where it is static or starts others, in a run of it for \
      at most 10 seconds.

        heapscale audit --variant glibc/dynamic/jemalloc --set MALLOC_CONF=narenas:1,lg_chunk:20
        heapscale audit --variant glibc/dynamic --set MALLOC_MMAP_THRESHOLD_=1M
        heapscale audit jemalloc-decay
        heapscale audit --allocators tcmalloc --set TCMALLOC_RELEASE_RATE=10 -- ./my-app
        heapscale audit --set MALLOC_CONF=dirty_decay_ms:0 -- redis-server --version

      Verdicts: accepted, accepted-clamped, already-default, rejected-unknown, rejected-value, misparsed, \
      accepted-no-effect, inert, fatal, unverifiable. Known settings: `heapscale list settings`.

      With --strict the exit code is 64 when a setting does nothing, was refused, or means something else.
      """)

  @Argument(help: "A plan's name or file, whose settings are audited on its variants.")
  var plan: String?

  @Option(help: "A variant: LIBC/LINKAGE[/ALLOCATOR]. Repeatable. (default: glibc/dynamic)")
  var variant: [String] = []

  @Option(help: "For a command after --: what is preloaded into it, as in compare.")
  var allocators: String?

  @Option(name: .customLong("set"), help: "An environment variable with its value: NAME=VALUE. Repeatable.")
  var assignments: [String] = []

  @Flag(help: "Exit code 64 when a setting is inert, rejected, misparsed, without effect or fatal.")
  var strict = false

  @Option(help: "Also write the verdicts as JSON to this file; - for standard output.")
  var json: String?

  @Argument(parsing: .postTerminator, help: "A command of yours with its arguments, after --.")
  var command: [String] = []

  func run() async throws {
    try await Failure.handled {
      if let json, json != "-" { try OutputFile.check(json) }
      let (bench, plan) = try await plan(try Workbench.load())
      let audit = SettingsAudit(
        catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment,
        helperPath: try await bench.builder.launcher())
      let cells = try await installed(plan, bench)
      if let sentence = try await shellSentence(audit, plan, bench) {
        Terminal.note(SentenceText.plain(sentence))
      }
      let records = try await audit.audit(cells, plan: plan)
      let options = ReportOptions(
        width: Terminal.width(bench.environment), colour: Terminal.usesColour(bench.environment))
      Terminal.output(json == "-" ? AuditReport.json(records) : AuditReport.text(records, options: options))
      if let json, json != "-" { try OutputFile.write(AuditReport.json(records), to: json) }
      if strict, records.flatMap(\.entries).contains(where: \.verdict.failsStrict) { throw ExitStatus.usage }
    }
  }

  /// What is audited, as a plan: one that comes along or the user's, or variants or a command with the settings of
  /// the flags.
  private func plan(_ bench: Workbench) async throws -> (Workbench, Plan) {
    if let name = self.plan {
      guard variant.isEmpty, assignments.isEmpty, command.isEmpty, allocators == nil else {
        throw InputError("a plan brings its own variants and settings", hint: "leave the other arguments out")
      }
      let draft = try PlanReader.read(path: try bench.planPath(name))
      return (bench, try bench.resolver.resolve(draft, seed: 0))
    }
    let set = SettingsSet(name: "audit", environment: try settings())
    if command.isEmpty {
      guard allocators == nil else { throw InputError("--allocators goes with a command after --") }
      let subject = Subject.workload(id: "probe", parameters: [])
      return (bench, AuditCommand.plan(subject, try variants(bench), set, libraries: [:]))
    }
    guard variant.isEmpty else {
      throw InputError(
        "--variant is for our own programs", hint: "preload into a command with --allocators NAME")
    }
    let subject = Subject.command(arm: "command", arguments: command)
    let comparison = try await Comparison.make(
      arms: [subject], allocators: allocators ?? "", preloadsByDefault: false, catalogue: bench.catalogue,
      builder: bench.builder, environment: bench.environment)
    let asked = allocators == nil ? comparison.variants : Array(comparison.variants.dropFirst())
    return (
      try bench.adding(libraries: comparison.libraries),
      AuditCommand.plan(subject, asked, set, libraries: comparison.libraries)
    )
  }

  private static func plan(
    _ subject: Subject, _ variants: [Variant], _ set: SettingsSet, libraries: [String: String]
  ) -> Plan {
    Plan(
      title: "audit", subjects: [subject], variants: variants, settings: [set], reference: variants[0],
      trials: 1,
      warmupBlocks: 0, seed: 0, sampling: Sampling(), limits: Limits(), libraries: libraries,
      directory: FileManager.default.currentDirectoryPath)
  }

  /// The plan's cells without variants that are not installed here, which are named.
  private func installed(_ plan: Plan, _ bench: Workbench) async throws -> [Cell] {
    var missing: Set<Variant> = []
    for variant in plan.variants {
      guard case .missing(let reason) = await bench.builder.availability(of: variant) else { continue }
      // A command that brings its own malloc is audited as it is.
      if case .command? = plan.subjects.first, variant.linkage != .preload { continue }
      Terminal.note("  left out: \(variant): \(reason)")
      missing.insert(variant)
    }
    let cells = plan.cells.filter { !missing.contains($0.variant) }
    if cells.isEmpty { throw ExitStatus.machineLacks }
    return cells
  }

  /// What the user's shell sets for the command's allocators, which is not part of the audit.
  private func shellSentence(_ audit: SettingsAudit, _ plan: Plan, _ bench: Workbench) async throws -> String?
  {
    let leaked = TargetEnvironment.inherited(
      bench.environment, clearing: bench.catalogue.allocators.flatMap(\.environment)
    ).cleared
    return ShellVariables.sentence(
      try await audit.readers(of: leaked, plan: plan), areKept: false,
      hint: "what you want to be audited, name by --set")
  }

  private func settings() throws(InputError) -> [EnvironmentAssignment] {
    let result = try Assignments.parse(assignments)
    guard !result.isEmpty else {
      throw InputError(
        "nothing to audit", hint: "name a setting: --set NAME=VALUE; see `heapscale list settings`")
    }
    return result
  }

  private func variants(_ bench: Workbench) throws(InputError) -> [Variant] {
    var result: [Variant] = []
    for text in variant.isEmpty ? ["glibc/dynamic"] : variant {
      let variant = try Variant(parsing: text)
      try bench.catalogue.check(variant)
      result.append(variant)
    }
    return result
  }
}
