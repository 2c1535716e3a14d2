import ArgumentParser
import Experiments
import Model
import Probes

/// How closely a profile looks.
struct ProfileSamplingOptions: ParsableArguments {
  @Option(help: "Page faults from one sample to the next; 1 is every one.")
  var period: UInt64 = 1

  @Option(
    help:
      "How stacks are taken: dwarf (unwound from a copy of the stack), fp (frame pointers), none."
  )
  var stacks = "dwarf"

  @Option(help: "With dwarf: bytes of the stack that are copied, 256 to 65528.")
  var stackBytes: Int = 8192

  @Option(help: "With a PMU: loads and stores from one sample to the next.")
  var memoryPeriod: UInt64 = 10_000

  @Flag(
    inversion: .prefixedNo,
    help:
      "Count loads and stores in a simulated machine, 20 to 60 times slower. (default: where there is no PMU)"
  )
  var simulate: Bool?

  @Flag(
    help: "Also have the allocator write a profile of its heap, in a run of its own (tcmalloc, jemalloc).")
  var heap = false

  @Option(
    help: "A heap profile that the program wrote by itself (gperftools, jemalloc, Go). Repeatable.")
  var heapProfile: [String] = []

  @Option(
    help: "For a workload: show page faults of one phase only: warmup, steady, drain or idle. (default: all)")
  var phase: String?

  @Flag(help: "Leave transparent huge pages on: then one page fault may bring in 2 MiB.")
  var hugePages = false

  @Option(help: "Also run the program under `perf record`, which writes its perf.data to this file.")
  var perfData: String?

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  /// Fails early when a file cannot be written in the end.
  func checkWritable() throws {
    guard let perfData else { return }
    guard perfData != "-" else {
      throw InputError("perf.data goes to a file", hint: "name one instead of -")
    }
    try OutputFile.check(perfData)
  }

  /// Whether the program is simulated; nil leaves it to what the machine has.
  var simulates: Bool? { simulate }

  /// What the flags ask for.
  func request() throws(InputError) -> ProfileRequest {
    guard (1...1_000_000_000).contains(period) else {
      throw InputError("--period \(period) is out of range", hint: "from 1 to 1000000000")
    }
    guard (16...1_000_000_000).contains(memoryPeriod) else {
      throw InputError("--memory-period \(memoryPeriod) is out of range", hint: "from 16 to 1000000000")
    }
    return ProfileRequest(
      faultPeriod: period, stacks: try mode(), memory: MemorySampling(period: memoryPeriod),
      hugePages: hugePages, heapProfile: heap, phase: try checkedPhase())
  }

  private func checkedPhase() throws(InputError) -> String? {
    let known = ["warmup", "steady", "drain", "idle"]
    guard let phase, !known.contains(phase) else { return phase }
    throw InputError.unknown("phase", phase, among: known)
  }

  private func mode() throws(InputError) -> StackMode {
    switch stacks {
    case "dwarf":
      guard (256...65_528).contains(stackBytes) else {
        throw InputError("--stack-bytes \(stackBytes) is out of range", hint: "from 256 to 65528")
      }
      return .dwarfAndFramePointers(bytes: stackBytes / 8 * 8)
    case "fp": return .framePointers
    case "none": return .none
    default: throw InputError.unknown("kind of stacks", stacks, among: ["dwarf", "fp", "none"])
    }
  }
}
