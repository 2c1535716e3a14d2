import ArgumentParser
import Experiments
import Foundation
import Model

/// `heapscale audit`: what settings do, before anything is measured.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract:
      "Proves for each setting whether it takes effect: reads it back from a process that runs with it.",
    discussion: """
      heapscale runs a small program built as the variant, with the settings and without them, and compares what the \
      allocator answers: by its own interface, by its variables in memory, by what it prints, or by what malloc does.

        heapscale audit --variant glibc/dynamic/jemalloc --set MALLOC_CONF=narenas:1,lg_chunk:20
        heapscale audit --variant glibc/dynamic --set MALLOC_MMAP_THRESHOLD_=1M
        heapscale audit --allocators tcmalloc --set TCMALLOC_RELEASE_RATE=10 -- ./my-app

      Verdicts: accepted, accepted-clamped, already-default, rejected-unknown, rejected-value, misparsed, \
      accepted-no-effect, inert, fatal, unverifiable. Known settings: `heapscale list settings`.

      With --strict the exit code is 64 when a setting does nothing, was refused, or means something else.
      """)

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
      let environment = try settings()
      var bench = try Workbench.load()
      var cells: [Cell] = []
      let set = SettingsSet(name: "audit", environment: environment)
      if command.isEmpty {
        guard allocators == nil else { throw InputError("--allocators goes with a command after --") }
        for variant in try variants(bench) {
          cells.append(Cell(subject: .workload(id: "probe", parameters: []), variant: variant, settings: set))
        }
      } else {
        guard variant.isEmpty else {
          throw InputError(
            "--variant is for our own programs", hint: "preload into a command with --allocators NAME")
        }
        let subject = Subject.command(arm: "command", arguments: command)
        let comparison = try await Comparison.make(
          arms: [subject], allocators: allocators ?? "", preloadsByDefault: false, catalogue: bench.catalogue,
          builder: bench.builder, environment: bench.environment)
        bench = try bench.adding(libraries: comparison.libraries)
        let asked = allocators == nil ? comparison.variants : Array(comparison.variants.dropFirst())
        cells = asked.map { Cell(subject: subject, variant: $0, settings: set) }
      }
      let audit = SettingsAudit(
        catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment,
        helperPath: try await bench.builder.launcher())
      let records = try await audit.audit(cells, directory: FileManager.default.currentDirectoryPath)
      for record in records {
        print(record.variant, "—", record.process)
        for e in record.entries {
          print("  \(e.name)=\(e.value)  \(e.verdict.rawValue): \(e.evidence)")
        }
      }
      if strict, records.flatMap(\.entries).contains(where: \.verdict.failsStrict) { throw ExitStatus.usage }
    }
  }

  private func settings() throws(InputError) -> [EnvironmentAssignment] {
    var result: [EnvironmentAssignment] = []
    for text in assignments {
      guard let equals = text.firstIndex(of: "="), EnvironmentAssignment.isVariable(String(text[..<equals]))
      else {
        throw InputError(
          "--set '\(text)' is not of the form NAME=VALUE", hint: "for example --set MALLOC_CONF=narenas:1")
      }
      result.append(
        EnvironmentAssignment(
          variable: String(text[..<equals]), value: String(text[text.index(after: equals)...])))
    }
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
