import ArgumentParser
import Dispatch
import Glibc
import Model

/// The program: not asynchronous itself, so that the standard streams and the machine's limits are looked at before
/// anything is opened and before Swift's runtime needs a thread.
@main
enum Program {
  static func main() {
    StandardStreams.prepare()
    MachineLimits.require()
    Task {
      await Heapscale.main()
      exit(EXIT_SUCCESS)
    }
    dispatchMain()
  }
}

/// The command line.
struct Heapscale: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heapscale",
    abstract: "Measures what allocators, C libraries and their settings do to a program's memory and speed.",
    discussion: """
      heapscale builds real programs against glibc, musl, TCMalloc and other allocators, runs them in interleaved \
      trials, watches resident memory and live bytes as curves, proves which allocator served malloc in each process, \
      stores every trial and prints comparison tables.

      First steps:
        heapscale run quick                      the quick plan: 9 variants, 6 workloads, about 4 minutes
        heapscale compare -- ./my-app --flag     your own program under every preloadable allocator
        heapscale audit --set MALLOC_CONF=narenas:1    what a setting really does
        heapscale check --arm base=./old --arm new=./new   may this change be merged?
        heapscale show                           the last session's table again
        heapscale doctor                         what this machine has, and what is missing

      Exit codes: 0 fine · 1 internal error, or output that could not be written · 2 regression · 3 a target failed (crash, time-out, wrong answer) · \
      5 the baseline is missing or does not fit, or something that gates was not compared · 6 the machine lacks something · 7 inconclusive, with --strict · \
      64 wrong usage or input · 130 interrupted.
      """,
    version: Version.text,
    subcommands: [
      RunCommand.self, CompareCommand.self, ShowCommand.self, ExportCommand.self, ListCommand.self,
      ReportCommand.self, ProfileCommand.self, DiffCommand.self, CheckCommand.self, BaselineCommand.self,
      AuditCommand.self, BuildCommand.self, DoctorCommand.self, TrendCommand.self,
    ])
}

extension Heapscale {
  /// Runs what the command line asks for, and ends the program. Help and version are output like any other: that it could
  /// not be written is an error.
  static func main() async {
    do {
      var command = try parseAsRoot(Array(ByteText.arguments.dropFirst()))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      Glibc.exit(Terminal.exitCode(.success).rawValue)
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if !text.isEmpty { code.isSuccess ? Terminal.output(text + "\n") : Terminal.note(text) }
      Glibc.exit(Terminal.exitCode(code).rawValue)
    }
  }
}

/// The version of heapscale, stored with each session.
enum Version {
  static let text = "0.1.0"
}
