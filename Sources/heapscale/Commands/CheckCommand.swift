import ArgumentParser
import Experiments
import Findings
import Foundation
import Model
import Store
import Targets

/// `heapscale check`: may this change be merged?
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Measures, compares with a baseline or with another program, and fails when something got worse.",
    discussion: """
        heapscale check my-plan.yaml --baseline Results/baselines/ci.json --thresholds thresholds.yaml
        heapscale check --arm base=./app-old --arm new=./app-new

      With a baseline, counts are always compared, resident memory where kernel, page size, transparent huge pages and C \
      library are the same, times only on the same machine; what gates and is not compared (a metric, a cell or an arm that one side lacks, too) ends \
      with exit code 5. Two \
      programs are measured together in shuffled blocks, which is the sound way for times.

      Exit codes: 0 passed · 2 regression · 3 a target failed · 4 improvement, with --fail-on-improvement · 5 the baseline is missing or does not fit, or something that gates was not compared · 6 the machine \
      lacks something · 7 with --strict: a verdict could not be reached.
      """)

  @Argument(help: "A plan's name or file.")
  var plan: String?

  @Option(help: "The baseline's file.")
  var baseline: String?

  @Option(help: "A program to compare: NAME=COMMAND. Twice; the first is the base.")
  var arm: [String] = []

  @Flag(help: "Exit code 4 when something that gates got better: time for a new baseline.")
  var failOnImprovement = false

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ComparisonOutputOptions

  func run() async throws {
    try await Failure.handled {
      try output.checkWritable()
      let gate = Gate(thresholds: try output.thresholds())
      if arm.isEmpty { try await checkBaseline(gate) } else { try await checkArms(gate) }
    }
  }

  private func checkBaseline(_ gate: Gate) async throws {
    guard let plan, let baseline else {
      throw InputError(
        "nothing to check", hint: "check PLAN --baseline FILE, or check --arm base=COMMAND --arm new=COMMAND")
    }
    let bench = try Workbench.load()
    let draft = try measure.draft().filled(from: try PlanReader.read(path: try bench.planPath(plan)))
    let resolved = try bench.resolver.resolve(draft, seed: UInt64.random(in: 1..<1 << 32))
    let known = try store.redaction.applied(to: Gate.baseline(baseline), bench)
    let (session, analysis) = try await Measurement(
      bench: bench, storePath: store.store, redaction: store.redaction, output: unused(),
      thresholds: gate.thresholds
    ).measure(resolved)
    let outcome = try gate.judge(session, analysis.measurements(), against: known)
    try output.write(outcome.result, session: session, environment: bench.environment, plan: plan)
    try outcome.finish(strict: measure.strict, failsOnImprovement: failOnImprovement)
  }

  private func checkArms(_ gate: Gate) async throws {
    guard plan == nil, baseline == nil else { throw InputError("--arm goes without plan and baseline") }
    let arms = try CompareCommand.subjects(arm)
    guard arms.count == 2, let base = arms[0].arm, let new = arms[1].arm else {
      throw InputError("check compares two arms", hint: "--arm base=COMMAND --arm new=COMMAND")
    }
    let bench = try Workbench.load()
    let comparison = try await Comparison.make(
      arms: arms, allocators: nil, preloadsByDefault: false, catalogue: bench.catalogue,
      builder: bench.builder,
      environment: bench.environment)
    var draft = try measure.draft()
    draft.title = "check \(new) against \(base)"
    draft.commands = arms
    if measure.aa, case .command(_, let arguments) = arms[0] {
      draft.commands = arms + [.command(arm: Comparisons.again, arguments: arguments)]
    }
    draft.variants = comparison.variants.map { ($0, nil) }
    draft.reference = comparison.variants.first
    draft.directory = FileManager.default.currentDirectoryPath
    let resolved = try bench.resolver.resolve(draft, seed: UInt64.random(in: 1..<1 << 32))
    let (session, analysis) = try await Measurement(
      bench: bench, storePath: store.store, redaction: store.redaction, output: unused(),
      thresholds: gate.thresholds
    ).measure(resolved)
    let measured = analysis.measurements()
    let outcome = try gate.judge(measured, names: (base, new)) { () throws(FindingsError) in
      try Comparing.arms(
        measured, base: base, candidate: new, again: measure.aa ? Comparisons.again : nil,
        thresholds: gate.thresholds, isGate: true)
    }
    try output.write(outcome.result, session: session, environment: bench.environment)
    try outcome.finish(strict: measure.strict, failsOnImprovement: failOnImprovement)
  }

  /// The table of a run is not what a check prints.
  private func unused() throws -> OutputOptions { try OutputOptions.parse([]) }
}
