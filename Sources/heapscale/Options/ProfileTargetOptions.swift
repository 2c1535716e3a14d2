import ArgumentParser
import Experiments
import Foundation
import Model
import Targets

/// What is profiled: a workload of ours, a command, or a process that runs already.
struct ProfileTargetOptions: ParsableArguments {
  @Option(help: "A workload, with parameters if you like: larson:threads=4.")
  var workload: String?

  @Option(help: "What the workload is built as: LIBC/LINKAGE[/ALLOCATOR]. (default: glibc/dynamic)")
  var variant: String?

  @Option(help: "Size of the workload: quick, default or full. (default: quick)")
  var scale: String?

  @Option(help: "For a command after --: the allocator that is preloaded into it, or a path of a library.")
  var allocators: String?

  @Option(name: .customLong("set"), help: "An environment variable with its value: NAME=VALUE. Repeatable.")
  var assignments: [String] = []

  @Option(
    help:
      "Environment variables as in run and compare: NAME=VARIABLE=VALUE[,VARIABLE=VALUE]; the name stands in the output."
  )
  var settings: String?

  @Option(help: "A process that runs already.")
  var pid: Int32?

  @Option(help: "With --pid: how long it is sampled. (default: 10)")
  var seconds: Double?

  @Option(
    help:
      "A result that --json wrote, or a recording of perf's (perf mem record, perf record -c 1 -e page-faults -d -g): it is shown and exported, and nothing runs."
  )
  var from: String?

  @Option(help: "Ends the program with its whole process tree: 500ms, 60s, 5min. (default: 10min)")
  var timeLimit: String?

  /// What is profiled.
  enum Source {
    /// A cell, as a plan of one.
    case cell(Plan)
    /// A process that runs already, for so long.
    case process(Int32, Nanoseconds)
    /// A result that was written before.
    case file(String)
  }

  /// What the flags and the command say.
  ///
  /// Throws: `InputError` when they name nothing or more than one thing.
  func source(_ command: [String], _ bench: Workbench) async throws -> (Workbench, Source) {
    let named = [workload != nil, !command.isEmpty, pid != nil, from != nil].count { $0 }
    guard named == 1 else {
      throw InputError(
        named == 0 ? "nothing to profile" : "more than one thing to profile",
        hint: """
          name one: --workload ID, --pid N, --from FILE, or a command after --; see `heapscale profile --help`
          """)
    }
    if let pid { return (bench, try process(pid)) }
    if seconds != nil {
      throw InputError("--seconds goes with --pid", hint: "end a program with --time-limit")
    }
    if let from {
      try refuseOptions(of: "a result of earlier")
      return (bench, .file(from))
    }
    if let workload { return (bench, .cell(try plan(ofWorkload: workload, bench))) }
    return try await plan(ofCommand: command, bench)
  }

  private func refuseOptions(of what: String) throws(InputError) {
    guard [variant, allocators, scale, timeLimit, settings].allSatisfy({ $0 == nil }), assignments.isEmpty
    else {
      throw InputError(
        "\(what) cannot be given a variant, an allocator, settings or a time limit",
        hint: "leave --variant, --allocators, --set, --settings, --scale and --time-limit out")
    }
  }

  private func process(_ pid: Int32) throws(InputError) -> Source {
    try refuseOptions(of: "a process that runs already")
    let seconds = seconds ?? 10
    guard seconds > 0, seconds <= 86_400 else {
      throw InputError("--seconds \(seconds) is out of range", hint: "above 0, at most 86400")
    }
    guard pid > 0, FileManager.default.fileExists(atPath: "/proc/\(pid)") else {
      throw InputError("there is no process \(pid)", hint: "see `ps` for those that run")
    }
    return .process(pid, Nanoseconds(seconds: seconds))
  }

  private func plan(ofWorkload text: String, _ bench: Workbench) throws(InputError) -> Plan {
    guard allocators == nil else {
      throw InputError("--allocators is for commands", hint: "write --variant glibc/preload/NAME")
    }
    var draft = try draft()
    draft.workloads = [try .init(parsing: text)]
    draft.variants = [(try Variant(parsing: variant ?? "glibc/dynamic"), nil)]
    let name = scale ?? "quick"
    guard let scale = Scale(rawValue: name) else {
      throw InputError.unknown("scale", name, among: Scale.allCases.map(\.rawValue))
    }
    draft.scale = scale
    return try bench.resolver.resolve(draft, seed: 1)
  }

  private func plan(ofCommand command: [String], _ bench: Workbench) async throws -> (Workbench, Source) {
    guard variant == nil, scale == nil else {
      throw InputError(
        "--variant and --scale are for workloads", hint: "preload into a command with --allocators NAME")
    }
    let name = (command[0] as NSString).lastPathComponent
    let arm = Identifier.isValid(name) ? name : "command"
    let comparison = try await Comparison.make(
      arms: [.command(arm: arm, arguments: command)], allocators: allocators, preloadsByDefault: false,
      catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment)
    guard comparison.variants.count <= 2 else {
      throw InputError("a profile is of one allocator", hint: "name one with --allocators")
    }
    var draft = try draft()
    draft.commands = comparison.subjects
    draft.variants = comparison.variants.suffix(1).map { ($0, nil) }
    draft.libraries = comparison.libraries
    draft.directory = FileManager.default.currentDirectoryPath
    let extended = try bench.adding(libraries: comparison.libraries)
    return (extended, .cell(try extended.resolver.resolve(draft, seed: 1)))
  }

  private func draft() throws(InputError) -> PlanDraft {
    var draft = PlanDraft()
    draft.title = "profile"
    draft.trials = .fixed(1)
    draft.warmup = 0
    let limit = timeLimit ?? "10min"
    guard let value = Quantity.parse(limit, as: .duration), value > 0 else {
      throw InputError("--time-limit '\(limit)' is not a time such as 60s or 500ms")
    }
    draft.timeLimit = Nanoseconds(value * 1_000_000)
    if let set = try settingsSet() { draft.settings = [SettingsRequest(set)] }
    return draft
  }

  private func settingsSet() throws(InputError) -> SettingsSet? {
    guard let settings else {
      guard !assignments.isEmpty else { return nil }
      return SettingsSet(name: "set", environment: try Assignments.parse(assignments))
    }
    guard assignments.isEmpty else {
      throw InputError("--set and --settings say the same", hint: "use one of them")
    }
    return try SettingsSet(parsing: settings)
  }
}
