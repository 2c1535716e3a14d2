import Foundation
import Glibc
import Model
import Testing

@testable import Probes

/// What becomes of a trial, and of what it runs, when the helper itself fails.
@Suite(.serialized) struct LauncherLossTests {
  /// A launcher that may open so many files, wherever the tests run.
  private func helper(openFiles: Int) throws -> String {
    let script = TargetPrograms.shared.folder.appending(path: "launch-\(openFiles)")
    try "#!/bin/sh\nulimit -n \(openFiles)\nexec '\(try TargetPrograms.shared.helper)' \"$@\"\n"
      .write(to: script, atomically: true, encoding: .utf8)
    chmod(script.path, 0o755)
    return script.path
  }

  /// A script that was just written cannot be executed while another test's fork still has it open.
  private func patiently(_ run: () throws(ProbeError) -> Observation) throws(ProbeError) -> Observation {
    for _ in 0..<500 {
      do {
        return try run()
      } catch ProbeError.helperNotStarted(_, ETXTBSY) {
        usleep(10_000)
      }
    }
    return try run()
  }

  private func spec(_ script: String) -> LaunchSpec {
    LaunchSpec(
      executable: "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"],
      timeLimit: Nanoseconds(seconds: 30), hasTelemetry: false)
  }

  @Test(arguments: [8, 12, 16, 20, 24, 25, 28, 30, 32, 33, 36])
  func `a helper without descriptors fails the launch, and waits for nothing`(openFiles: Int) throws {
    let supervisor = try TrialSupervisor(helperPath: try helper(openFiles: openFiles))
    do {
      let seen = try patiently { () throws(ProbeError) in
        try supervisor.run(spec("exit 0"), sampling: Sampling())
      }
      let judged = OutcomeJudge.judge(seen)
      #expect(judged.outcome == .launchFailed && judged.message?.contains("(errno 24)") == true, "\(judged)")
    } catch ProbeError.helperGone {
      // So few that it could not even begin.
      #expect(openFiles < 16)
    }
  }

  /// Processes below this one that run the helper, the guardian first.
  private func helpers() -> [Int32] {
    let parents = Dictionary(
      uniqueKeysWithValues: ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
        .compactMap { Int32($0) }.compactMap { pid -> (Int32, Int32)? in
          guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
            let words = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(
              separator: " "),
            words.count > 2, let parent = Int32(words[1])
          else { return nil }
          return (pid, parent)
        })
    func isHelper(_ pid: Int32) -> Bool {
      let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      return String(decoding: words, as: UTF8.self).contains("/launch\0")
    }
    let guardians = parents.filter { $0.value == getpid() && isHelper($0.key) }.map(\.key)
    return guardians + parents.filter { guardians.contains($0.value) && isHelper($0.key) }.map(\.key)
  }

  /// Starts a tree that leaves its parents, its session and its group, and kills helpers while it runs.
  private func lose(_ marker: Int, _ victims: @escaping @Sendable ([Int32]) -> [Int32]) throws -> ProbeError?
  {
    let tree = """
      setsid sleep \(marker) & (sleep \(marker) &) ; (setsid sh -c 'sleep \(marker) & sleep \(marker)' &)
      sleep \(marker)
      """
    Thread.detachNewThread {
      for _ in 0..<1000 where !processExists("\(marker)") { usleep(5000) }
      usleep(100_000)
      for pid in victims(helpers()) { kill(pid, SIGKILL) }
    }
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    do {
      _ = try supervisor.run(spec(tree), sampling: Sampling())
      return nil
    } catch {
      return error
    }
  }

  @Test func `a helper that is killed leaves nothing of the tree, and the error says what was ended`() throws
  {
    let error = try lose(7_777_101) { Array($0.dropFirst()) }
    #expect(!processExists("7777101"))
    #expect(error?.description.contains("ended by SIGKILL") == true, "\(String(describing: error))")
    #expect(error?.description.contains("its process tree was ended") == true)
  }

  @Test func `a guardian that is killed leaves nothing of the tree either`() throws {
    let error = try lose(7_777_102) { Array($0.prefix(1)) }
    #expect(!processExists("7777102"))
    #expect(error?.description.contains("its process tree was ended") == true, "\(String(describing: error))")
  }

  @Test func `after a lost trial the next one gets a new helper`() throws {
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    #expect(OutcomeJudge.judge(try supervisor.run(spec("exit 0"), sampling: Sampling())).outcome == .ok)
    for pid in helpers().dropFirst() { kill(pid, SIGKILL) }
    for _ in 0..<1000 where helpers().count > 1 { usleep(1000) }
    #expect(OutcomeJudge.judge(try supervisor.run(spec("exit 0"), sampling: Sampling())).outcome == .ok)
  }

  /// Each end is told, and each telling answered: with both sides waiting to be read, neither would ever go on.
  @Test func `a thousand processes that end at once are all followed`() throws {
    let storm = try TargetPrograms.shared.program(
      "storm",
      """
      #include <signal.h>
      #include <sys/wait.h>
      #include <unistd.h>
      int main(void) {
        int ends[2];
        char byte;
        signal(SIGTERM, SIG_IGN);
        pipe(ends);
        for (int i = 0; i < 1000; i++) {
          if (fork() == 0) { close(ends[1]); read(ends[0], &byte, 1); _exit(0); }
        }
        close(ends[1]);
        while (wait(0) > 0) { }
        return 0;
      }
      """)
    let seen = try observe(storm, timeLimit: 60)
    #expect(OutcomeJudge.judge(seen).outcome == .ok)
    #expect(seen.processes.count == 1001)
  }

  @Test func `a helper that says nothing is given up only after the program should have ended`() {
    let second: Int64 = 1_000_000_000
    var patience = HelperPatience(timeLimit: Nanoseconds(10 * second), now: 0)
    patience.started(now: second)
    // When it was asked, whether the helper had said something by then, and whether it is given up.
    let asked: [(at: Int64, hasAnswered: Bool, isExhausted: Bool)] = [
      (10, false, false),
      (11, false, false),  // the first look only begins to count
      (25, false, false), (27, false, true),
      (28, true, false),  // it answers
      (1000, false, false),  // the harness itself stood still
    ]
    for look in asked {
      let isExhausted = patience.isExhausted(now: look.at * second, hasAnswered: look.hasAnswered)
      #expect(isExhausted == look.isExhausted, "after \(look.at) s")
    }
  }

  @Test func `without a time limit a helper is given up only after it was asked to kill`() {
    let second: Int64 = 1_000_000_000
    var patience = HelperPatience(timeLimit: Nanoseconds(0), now: 0)
    patience.started(now: 0)
    var seen = [Int64](stride(from: 0, to: 1_000_000, by: 1000)).map {
      patience.isExhausted(now: $0 * second, hasAnswered: false)
    }
    #expect(!seen.contains(true))
    patience.killed(now: second)
    seen = [2, 20].map { patience.isExhausted(now: 1_000_000 * second + $0 * second, hasAnswered: false) }
    #expect(seen == [false, true])
  }
}
