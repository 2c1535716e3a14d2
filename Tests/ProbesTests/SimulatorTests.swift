import Foundation
import Glibc
import Model
import Testing

@testable import Probes

@Suite(.serialized) struct SimulatorTests {
  /// Makes so many pairs, counted on the telemetry page, with 100 stores of its own to each.
  private static func launch(_ pairs: Int, limit: Double = 60) throws -> LaunchSpec {
    let program = try TargetPrograms.shared.program(
      "pairs",
      """
      #include "workload.h"
      int main(int argc, char **argv) {
        hs_start(argc, argv);
        static volatile long words[100];
        int64_t pairs = hs_int("pairs");
        for (int64_t i = 0; i < pairs; i++) {
          void *block = hs_malloc(64);
          for (int j = 0; j < 100; j++) words[j] = i;
          hs_free(block, 64);
        }
        return hs_finish(1, 1);
      }
      """)
    return LaunchSpec(
      executable: program, arguments: ["pairs", "pairs=\(pairs)"], environment: [:],
      timeLimit: Nanoseconds(seconds: limit), hasTelemetry: true)
  }

  private static func simulator(_ searchPath: String = "/usr/local/bin:/usr/bin:/bin") throws -> Simulator {
    try Simulator(helperPath: TargetPrograms.shared.helper, searchPath: searchPath)
  }

  private static let hasValgrind = access("/usr/bin/valgrind", X_OK) == 0

  @Test(.enabled(if: hasValgrind)) func `events of an operation are those of the loop, twice the same`()
    throws
  {
    let events = try Self.simulator().simulate(launch: try Self.launch(400), shorter: try Self.launch(200))
    #expect(events.isDeterministic == true)
    #expect(events.operations == 800)
    let whole = try #require(events.perOperation)
    let inside = try #require(events.allocatorPerOperation)
    // 100 stores of the program's own in each pair of two operations, and a few for the loop and its counting.
    #expect((50..<65).contains(whole.stores - inside.stores))
    #expect(inside.stores > 3 && inside.loads > 5)
    #expect(events.total.loads > events.allocator.loads)
    #expect(events.functions.contains { $0.frame.function == "main" && $0.frame.role == .program })
    #expect(events.functions.contains { $0.frame.function == "malloc" && $0.frame.role == .allocator })
    #expect(events.tool.contains("cachegrind") && events.geometry == .standard)
  }

  @Test(.enabled(if: hasValgrind)) func `a program without a page has totals only`() throws {
    let launch = LaunchSpec(
      executable: "/bin/true", arguments: ["true"], environment: [:], timeLimit: Nanoseconds(seconds: 60),
      hasTelemetry: false)
    let events = try Self.simulator().simulate(launch: launch)
    #expect(events.perOperation == nil && events.operations == nil)
    #expect(events.total.loads > 1000 && events.isDeterministic == true)
  }

  /// The positive control of determinism: one that does another thing each time must not pass for the same.
  @Test(.enabled(if: hasValgrind)) func `a program that does another thing each time is called so`() throws {
    let program = try TargetPrograms.shared.program(
      "unsteady",
      """
      #include <time.h>
      #include <unistd.h>
      int main(void) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        volatile int sum = 0;
        for (long i = 0; i < 1000 + (now.tv_nsec + getpid()) % 99991; i++) sum += i;
        return 0;
      }
      """)
    let events = try Self.simulator().simulate(
      launch: LaunchSpec(
        executable: program, arguments: [program], environment: [:], timeLimit: Nanoseconds(seconds: 60),
        hasTelemetry: false))
    #expect(events.isDeterministic == false)
    #expect(events.notes.contains { $0.contains("vary") }, "\(events.notes)")
  }

  @Test(.enabled(if: hasValgrind)) func `a time-out ends the tree and leaves no file behind`() throws {
    let launch = LaunchSpec(
      executable: "/bin/sleep", arguments: ["sleep", "7777031"], environment: [:],
      timeLimit: Nanoseconds(seconds: 1), hasTelemetry: false)
    let error = #expect(throws: ProbeError.self) { try Self.simulator().simulate(launch: launch) }
    #expect(error?.description.contains("raise the limit") == true)
    #expect(!processExists("7777031"))
  }

  @Test(.enabled(if: hasValgrind)) func `the files of a run go with it`() throws {
    var path = ""
    do {
      let folder = try SimulationFolder()
      path = folder.path
      #expect(FileManager.default.fileExists(atPath: path))
      #expect(folder.texts("out.").isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(.enabled(if: hasValgrind)) func `a program that crashes is told with its signal`() throws {
    let crash = try TargetPrograms.shared.program(
      "sim-crash", "int main(void) { *(volatile int *)0 = 1; return 0; }")
    let launch = LaunchSpec(
      executable: crash, arguments: [crash], environment: [:], timeLimit: Nanoseconds(seconds: 60),
      hasTelemetry: false)
    let error = #expect(throws: ProbeError.self) { try Self.simulator().simulate(launch: launch) }
    #expect(error?.description.contains("SIGSEGV") == true)
  }

  @Test(.enabled(if: hasValgrind)) func `a preload that is not in the simulated process is found out`() throws
  {
    let code = AllocatorCode(libraries: ["libnosuchmalloc.so"])
    let error = #expect(throws: ProbeError.self) {
      try Self.simulator().simulate(launch: try Self.launch(10), allocator: code, libraryMustRun: true)
    }
    #expect(error?.description.contains("libnosuchmalloc.so ran no code") == true)
  }

  @Test func `without valgrind there is a remedy and no figure`() throws {
    let error = #expect(throws: ProbeError.self) {
      try Self.simulator("/nonexistent").simulate(launch: try Self.launch(10))
    }
    #expect(error == .simulatorMissing && error?.description.contains("apt-get install valgrind") == true)
  }

  @Test(.enabled(if: hasValgrind)) func `arguments and environment have one size, and GODEBUG is added to`()
    throws
  {
    let valgrind = try ValgrindLaunch(searchPath: "/usr/bin", followsChildren: false)
    func environment(_ variables: [String: String]) -> [String: String] {
      let launch = LaunchSpec(
        executable: "/bin/true", arguments: ["true"], environment: variables, timeLimit: Nanoseconds(1),
        hasTelemetry: false)
      return valgrind.launch(launch, under: .callgrind, into: "/tmp/a%b").environment
    }
    let sizes = [[:], ["MALLOC_CONF": "dirty_decay_ms:0"], ["GODEBUG": "gctrace=1"]].map { variables in
      environment(variables).reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
    }
    #expect(Set(sizes).count == 1)
    #expect(environment(["GODEBUG": "gctrace=1"])["GODEBUG"] == "gctrace=1,asyncpreemptoff=1")
    #expect(environment(["GODEBUG": "asyncpreemptoff=0"])["GODEBUG"] == "asyncpreemptoff=0")
  }
}
