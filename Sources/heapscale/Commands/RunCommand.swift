import ArgumentParser
import Experiments
import Foundation
import Model

/// `heapscale run`: measures a plan.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Builds, runs and measures workloads on allocator variants, and prints the comparison.",
    discussion: """
      A plan is a name (quick, libc, tcmalloc, go-tcmalloc, …; see `heapscale list plans`) or a YAML file. Flags win over \
      the plan; without a plan, name at least one --workload.

        heapscale run quick
        heapscale run --workload larson:threads=4 --variant glibc/dynamic --variant glibc/preload/jemalloc
        heapscale run --workload sawtooth --variant glibc/dynamic/jemalloc --ladder MALLOC_CONF:dirty_decay_ms=0,1000
        heapscale run --workload go-heap --variant none/static --settings lazy=GODEBUG=madvdontneed=0
        heapscale run my-plan.yaml --dry-run
        heapscale run --resume
        heapscale run quick --live

      A workload is ID or ID:PARAMETER=VALUE,…; a variant is LIBC/LINKAGE[/ALLOCATOR], where a libc's own allocator may \
      be left out; those of Go programs end in /cgo, or are none/static. Settings are audited before the first trial: what \
      does nothing is said, and with --strict stops the run. Each cell (workload × variant × settings) runs once in every block, in an order shuffled by the \
      stored seed. Every trial is stored when it ends: after an interruption, --resume goes on where it was.

      Exit code 3 when a target failed, 6 when no variant of the plan is installed, 130 after Ctrl-C.
      """)

  @Argument(help: "A plan's name or file.")
  var plan: String?

  @Option(help: "A workload, with parameters if you like: larson:threads=4. Repeatable.")
  var workload: [String] = []

  @Option(help: "A variant: LIBC/LINKAGE[/ALLOCATOR]. Repeatable. (default: glibc/dynamic)")
  var variant: [String] = []

  @Option(help: "Size of the workloads: quick, default or full.")
  var scale: String?

  @Option(help: "The variant that ratios refer to. (default: glibc/dynamic, else the first)")
  var reference: String?

  @Flag(
    help:
      "Time every call of malloc and free in the workload, for latency percentiles. It costs about 50 ns a call."
  )
  var latency = false

  @OptionGroup var measure: MeasureOptions

  @Flag(help: "Print the cells and an estimate of the time, and stop.")
  var dryRun = false

  @Flag(help: "Go on with an interrupted session: the last one, or the one that --session names.")
  var resume = false

  @Option(help: "With --resume: the session, or the beginning of its name.")
  var session: String?

  @Flag(
    help:
      "Draw the running cell with its resident curve again and again, on a terminal: on standard error, ten times a second at most."
  )
  var live = false

  @Flag(help: .hidden)
  var withoutCounters = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      let measurement = Measurement(
        bench: bench, storePath: store.store, redaction: store.redaction, output: output, isLive: live)
      if resume {
        try checkResumeAlone()
        try await measurement.resume(session ?? nil)
        return
      }
      if session != nil { throw InputError("--session goes with --resume") }
      var plan = try bench.resolver.resolve(try draft(bench), seed: UInt64.random(in: 1..<1 << 32))
      plan.sampling.counters = !withoutCounters
      if measure.aa { try Comparisons.addAgain(to: &plan) }
      if dryRun {
        Terminal.output(try await measurement.dryRun(plan))
      } else {
        try await measurement.start(plan)
      }
    }
  }

  private func checkResumeAlone() throws(InputError) {
    guard plan == nil, workload.isEmpty, variant.isEmpty, !dryRun, measure.trials == nil else {
      throw InputError(
        "--resume goes on with the plan that is stored; it takes no other plan",
        hint: "leave the plan, --workload, --variant and --trials out")
    }
  }

  private func draft(_ bench: Workbench) throws(InputError) -> PlanDraft {
    var flags = try measure.draft()
    if !workload.isEmpty {
      var requests: [PlanDraft.WorkloadRequest] = []
      for text in workload { requests.append(try .init(parsing: text)) }
      flags.workloads = requests
    }
    if !variant.isEmpty {
      var variants: [(variant: Variant, location: InputError.Location?)] = []
      for text in variant { variants.append((try Variant(parsing: text), nil)) }
      flags.variants = variants
    }
    if let text = scale {
      guard let scale = Scale(rawValue: text) else {
        throw InputError.unknown("scale", text, among: Scale.allCases.map(\.rawValue))
      }
      flags.scale = scale
    }
    if let text = reference { flags.reference = try Variant(parsing: text) }
    if latency { flags.latency = true }
    guard let plan else { return flags }
    return flags.filled(from: try PlanReader.read(path: try bench.planPath(plan)))
  }
}
