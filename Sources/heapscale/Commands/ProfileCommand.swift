import ArgumentParser
import Experiments
import Foundation
import Model
import Probes
import Reports
import Targets

/// `heapscale profile`: which call sites make memory resident, allocate, load and store.
struct ProfileCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Finds the call sites that make memory resident, allocate, load and store.",
    discussion: """
      Runs a program once and samples it: page faults with their stacks everywhere, loads and stores where the machine has a \
      PMU. Where it has none, the program runs again in a simulated machine (valgrind), unless --no-simulate.

        heapscale profile -- ./my-app --load 10
        heapscale profile --allocators jemalloc --heap -- ./my-app
        heapscale profile --workload larson --variant glibc/preload/tcmalloc
        heapscale profile --pid 4711 --seconds 10 --flamegraph growth.html
        heapscale profile --workload touch --json touch.json
        heapscale profile --from touch.json --pprof touch.pb.gz
        go tool pprof -top touch.pb.gz
        heapscale profile show heap.1234.0.f.heap      a file that a program wrote
        heapscale profile diff before.heap after.heap

      As root, with tracefs mounted, what the program gives back to the kernel is subtracted.

      A figure is counted, sampled or simulated, and says which; what this machine cannot tell is listed with the reason.
      """,
    subcommands: [ProfileShowCommand.self, ProfileDiffCommand.self])

  @OptionGroup var target: ProfileTargetOptions
  @OptionGroup var sampling: ProfileSamplingOptions
  @OptionGroup var output: ProfileOutputOptions

  @Argument(parsing: .postTerminator, help: "A command of yours with its arguments, after --.")
  var command: [String] = []

  func run() async throws {
    try await Failure.handled {
      try output.checkWritable()
      try sampling.checkWritable()
      guard !output.redaction.redact || sampling.perfData == nil else {
        throw InputError(
          "--perf-data writes what the kernel recorded, paths and all, and cannot be redacted",
          hint: "leave out --perf-data, or --redact")
      }
      let request = try sampling.request()
      let (bench, source) = try await target.source(command, try Workbench.load())
      let profiling = Profiling(
        bench: bench, request: request, simulates: sampling.simulates, quiet: sampling.quiet,
        heapFiles: sampling.heapProfile, perfData: sampling.perfData)
      let (result, isCut) = try await profiling.profile(source)
      try output.write(result, environment: bench.environment)
      if isCut { throw ExitStatus.interrupted }
      // With --from nothing ran that could fail.
      if let outcome = result.outcome, outcome != .ok, target.from == nil { throw ExitStatus.targetFailed }
    }
  }
}
