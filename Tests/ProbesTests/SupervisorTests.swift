import Foundation
import Glibc
import Model
import Probes
import Testing

@Suite(.serialized) struct SupervisorTests {
  @Test func `a small program reports its own size, not the harness's`() throws {
    let ballast = UnsafeMutableRawPointer.allocate(byteCount: 200 << 20, alignment: 4096)
    memset(ballast, 1, 200 << 20)
    defer { ballast.deallocate() }
    let seen = try observe("/bin/true")
    #expect(OutcomeJudge.judge(seen).outcome == .ok)
    #expect(seen.usage.maximumResident < Bytes(4 << 20))
    #expect(seen.residentHighWater.map { $0 < Bytes(4 << 20) && $0.count > 0 } == true)
    #expect(seen.mappedFiles?.contains { $0.contains("libc.so.6") } == true)
  }

  @Test func `exit codes and signals are outcomes`() throws {
    #expect(OutcomeJudge.judge(try observe("/bin/false")).outcome == .exit(1))
    let crash = try TargetPrograms.shared.program(
      "crash", "int main(void) { *(volatile int *)0 = 1; return 0; }")
    let seen = try observe(crash)
    #expect(OutcomeJudge.judge(seen).outcome == .signal(SIGSEGV))
    #expect(OutcomeJudge.judge(seen).message?.contains("SIGSEGV") == true)
  }

  @Test func `a program that cannot be executed is a launch failure with the reason`() throws {
    let seen = try observe("/nonexistent/program")
    let judged = OutcomeJudge.judge(seen)
    #expect(judged.outcome == .launchFailed)
    #expect(judged.message?.contains("No such file") == true)
  }

  @Test func `a hanging program is killed at the time limit with its whole tree`() throws {
    let seen = try observe("/bin/sh", ["-c", "sleep 7777001 & sleep 7777001"], timeLimit: 0.3)
    #expect(OutcomeJudge.judge(seen).outcome == .timeOut)
    #expect(!processExists("7777001"))
  }

  @Test func `children that outlive the program are killed and reported`() throws {
    let seen = try observe("/bin/sh", ["-c", "setsid sleep 7777002 & exit 0"])
    let judged = OutcomeJudge.judge(seen)
    #expect(judged.outcome == .ok)
    #expect(judged.message?.contains("outlived") == true)
    #expect(!processExists("7777002"))
  }

  @Test func `a gigabyte on standard error is drained, its ends are kept`() throws {
    let seen = try observe(
      "/bin/sh", ["-c", "echo first >&2; head -c 1000000000 /dev/zero | tr '\\0' x >&2; echo last >&2"])
    #expect(OutcomeJudge.judge(seen).outcome == .ok)
    #expect(seen.standardError.hasPrefix("first\n"))
    #expect(seen.standardError.hasSuffix("last\n"))
    #expect(seen.standardError.utf8.count < 10_000)
  }

  @Test func `a program that allocates without end is stopped at the memory limit`() throws {
    let eater = try TargetPrograms.shared.program(
      "eater",
      """
      #include <stdlib.h>
      #include <string.h>
      #include <unistd.h>
      int main(void) { for (;;) { memset(malloc(1 << 20), 1, 1 << 20); usleep(500); } }
      """)
    let seen = try observe(eater, memoryLimit: Bytes(64 << 20))
    #expect(OutcomeJudge.judge(seen).outcome == .outOfMemory)
    #expect(seen.series.samples.contains { $0.resident > Bytes(32 << 20) })
  }

  @Test func `an interrupt ends the program`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let writer = ends[1]
    Thread.detachNewThread {
      usleep(200_000)
      write(writer, "x", 1)
    }
    let seen = try observe("/bin/sleep", ["7777003"], interrupt: ends[0])
    #expect(seen.ending == .interrupted)
    #expect(!processExists("7777003"))
  }

  @Test func `many trials run from one helper`() throws {
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: "/bin/true", arguments: ["true"], environment: [:], timeLimit: Nanoseconds(seconds: 5),
      hasTelemetry: false)
    for _ in 0..<50 {
      #expect(OutcomeJudge.judge(try supervisor.run(spec, sampling: Sampling())).outcome == .ok)
    }
  }

  @Test func `resident memory of children counts in a command's curve`() throws {
    let holder = try TargetPrograms.shared.program(
      "holder",
      """
      #include <stdlib.h>
      #include <string.h>
      #include <sys/wait.h>
      #include <unistd.h>
      int main(void) {
        if (fork() == 0) { memset(malloc(40 << 20), 1, 40 << 20); usleep(400000); _exit(0); }
        wait(0);
        return 0;
      }
      """)
    let seen = try observe(holder)
    #expect(seen.series.samples.contains { $0.resident > Bytes(40 << 20) })
    #expect(PeakResident.value(seen).number.map { $0 > Double(40 << 20) } == true)
  }
}
