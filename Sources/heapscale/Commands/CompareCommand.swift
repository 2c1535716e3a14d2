import ArgumentParser
import Experiments
import Foundation
import Model
import Targets

/// `heapscale compare`: the user's own program.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Runs your own program under several allocators, or several programs against each other.",
    discussion: """
      Allocators are preloaded into the program as it is (LD_PRELOAD); each trial looks up in every process of the tree \
      where malloc comes from, and what ran without the library is not compared. A static program, or one with a malloc of \
      its own, cannot be preloaded into and is refused; env, nice, tini and their like are looked through.

        heapscale compare -- ./my-app --flag
        heapscale compare --allocators jemalloc,tcmalloc,./libmine.so -- python3 job.py
        heapscale compare --arm old=./app-old --arm 'new=./app-new --fast'

      Without --allocators: the program as it is, and every preloadable allocator that is installed. An arm's command is \
      split into arguments as a shell's quoting does, without variables, wildcards or pipes; who wants those writes \
      --arm 'x=sh -c "…"'. The program reads nothing (/dev/null) and its output is thrown away.
      """)

  @Option(
    help: "Allocators to preload, separated by commas: names, or paths of shared libraries of your own.")
  var allocators: String?

  @Option(help: "A program to compare with others: NAME=COMMAND. Repeatable; the first is the reference.")
  var arm: [String] = []

  @Flag(
    help:
      "Leave variables of your shell that act on allocators (MALLOC_CONF, LD_PRELOAD, …) in place; they are recorded. By default they are cleared."
  )
  var keepEnvironment = false

  @Flag(
    help:
      "Draw the running cell with its resident curve again and again, on a terminal: on standard error, ten times a second at most."
  )
  var live = false

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Print the cells and an estimate of the time, and stop.")
  var dryRun = false

  @Argument(parsing: .postTerminator, help: "The command with its arguments, after --.")
  var command: [String] = []

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      let comparison = try await Comparison.make(
        arms: try arms(), allocators: allocators, preloadsByDefault: arm.isEmpty, catalogue: bench.catalogue,
        builder: bench.builder,
        environment: bench.environment)
      if !output.quiet {
        for missing in comparison.missing { Terminal.note("  left out: \(missing)") }
      }
      var draft = try measure.draft()
      draft.title = "compare " + comparison.subjects.compactMap(\.arm).joined(separator: ", ")
      draft.commands = comparison.subjects
      if measure.aa, comparison.subjects.count > 1,
        case .command(_, let arguments)? = comparison.subjects.first
      {
        draft.commands = comparison.subjects + [.command(arm: Comparisons.again, arguments: arguments)]
      }
      draft.variants = comparison.variants.map { ($0, nil) }
      draft.reference = comparison.variants.first
      draft.libraries = comparison.libraries
      draft.keepsEnvironment = keepEnvironment
      draft.directory = FileManager.default.currentDirectoryPath
      let extended = try bench.adding(libraries: comparison.libraries)
      var plan = try extended.resolver.resolve(draft, seed: UInt64.random(in: 1..<1 << 32))
      if measure.aa, comparison.subjects.count == 1 { try Comparisons.addAgain(to: &plan) }
      let measurement = Measurement(
        bench: extended, storePath: store.store, redaction: store.redaction, output: output, isLive: live)
      if dryRun {
        Terminal.output(try await measurement.dryRun(plan))
      } else {
        try await measurement.start(plan)
      }
    }
  }

  private func arms() throws(InputError) -> [Subject] {
    var result: [Subject] = []
    if let name = command.first {
      let arm = (name as NSString).lastPathComponent
      result.append(.command(arm: Identifier.isValid(arm) ? arm : "command", arguments: command))
    }
    result += try CompareCommand.subjects(arm, besides: result)
    guard !result.isEmpty else {
      throw InputError(
        "nothing to compare",
        hint: "write the command after --, or --arm NAME=COMMAND; see `heapscale compare --help`")
    }
    return result
  }

  /// Commands of the form NAME=COMMAND, each with a name of its own.
  static func subjects(_ arms: [String], besides known: [Subject] = []) throws(InputError) -> [Subject] {
    var result: [Subject] = []
    for text in arms {
      guard let split = text.firstIndex(of: "="), Identifier.isValid(String(text[..<split])) else {
        throw InputError(
          "--arm '\(text)' is not of the form NAME=COMMAND", hint: "for example --arm old=./app-old")
      }
      let name = String(text[..<split])
      guard name != Comparisons.again else {
        throw InputError("an arm cannot be called '\(name)'", hint: "--aa calls its second measurement so")
      }
      let words = try ShellWords.split(String(text[text.index(after: split)...]))
      guard !words.isEmpty else { throw InputError("--arm '\(text)' names no command") }
      guard !(known + result).contains(where: { $0.arm == name }) else {
        throw InputError("two arms are called '\(name)'", hint: "give each a name of its own")
      }
      result.append(.command(arm: name, arguments: words))
    }
    return result
  }
}
