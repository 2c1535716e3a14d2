import ArgumentParser
import Model
import Profiles

/// `heapscale profile show`: profiles that were written earlier.
struct ProfileShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows profile files with every table and export; nothing runs.",
    discussion: """
      Reads heap profiles of gperftools (TCMalloc), jemalloc and Go (text or pprof), any other pprof file (CPU and contention \
      profiles are called what they are), and the JSON of `heapscale profile --json`; plain or gzip, with or without symbols.

        heapscale profile show heap.1234.0.f.heap
        curl -s http://localhost:6060/debug/pprof/heap | heapscale profile show -
        heapscale profile show app.heap --fold-list python --flamegraph heap.html --pprof heap.pb.gz

      Addresses get the names of a file of this machine only where it is the one that the program had: by build-id, or by \
      path and mapping. Several files stand side by side; exports add up columns of one name.
      """)

  @OptionGroup var output: ProfileOutputOptions

  @Argument(help: "Profile files; - for standard input.")
  var files: [String]

  func run() async throws {
    try await Failure.handled {
      try output.checkWritable()
      let bench = try Workbench.load()
      let result = try ProfileFiles(catalogue: bench.catalogue).show(files)
      try output.write(result, environment: bench.environment)
    }
  }
}

/// `heapscale profile diff`: what changed between two profiles.
struct ProfileDiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Subtracts one profile file from another, with every table and export; nothing runs.",
    discussion: """
      Each column becomes three: the change (B minus A), what was before, and what is now. Shares of a change refer to what was \
      before. Stacks are the same when their functions are, in files of the same name: addresses and lines may differ.

        heapscale profile diff monday.heap friday.heap
        heapscale profile diff before.json after.json --pprof change.pb.gz

      --collapsed writes both values of each stack, as flamegraph.pl reads them for differential flame graphs.
      """)

  @OptionGroup var output: ProfileOutputOptions

  @Argument(help: "The profile before.")
  var before: String

  @Argument(help: "The profile after.")
  var after: String

  func run() async throws {
    try await Failure.handled {
      try output.checkWritable()
      let bench = try Workbench.load()
      let result = try ProfileFiles(catalogue: bench.catalogue)
        .difference(before, after, folding: try output.folding())
      try output.write(result, environment: bench.environment)
    }
  }
}
