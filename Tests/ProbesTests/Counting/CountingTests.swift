import Foundation
import Glibc
import Model
import Testing

@testable import Probes

/// Real programs under real counters; what this machine refuses is said and skipped.
@Suite(.serialized) struct CountingTests {
  private static let toucher = """
    #include <stdlib.h>
    #include <sys/mman.h>
    #include <sys/wait.h>
    #include <unistd.h>
    static void touch(long pages) {
      char *p = mmap(0, pages << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      madvise(p, pages << 12, MADV_NOHUGEPAGE);
      for (long i = 0; i < pages; i++) ((volatile char *)p)[i << 12] = 1;
    }
    int main(int argc, char **argv) {
      long own = atol(argv[1]), child = atol(argv[2]), maps = atol(argv[3]);
      touch(own);
      if (child && fork() == 0) { touch(child); _exit(0); }
      while (wait(0) > 0) {}
      for (long i = 0; i < maps; i++) munmap(mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
      return 0;
    }
    """

  private static func count(
    _ events: [CountedEvent], pages: Int = 0, childPages: Int = 0, maps: Int = 0,
    machine: EventMachine = EventMachine(), program built: String? = nil
  ) throws -> TrialEvents {
    let program = try built ?? TargetPrograms.shared.program("toucher", toucher)
    let counters = EventCounters(events, machine: machine)
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: program, arguments: [program, "\(max(1, pages))", "\(childPages)", "\(maps)"],
      environment: [:], timeLimit: Nanoseconds(seconds: 20), hasTelemetry: false)
    let seen = try supervisor.run(spec, sampling: Sampling(rateHz: 0), observers: [counters])
    #expect(OutcomeJudge.judge(seen).outcome == .ok)
    return counters.take()
  }

  @Test func `as many page faults are counted as pages are touched`() throws {
    let faults = try Self.count([.pageFaults], pages: 5000).count(of: .pageFaults)
    #expect(faults.value >= 5000 && faults.value < 5300)
    #expect(faults.runningShare == 1)
  }

  @Test func `what a child does is counted with its parent`() throws {
    let faults = try Self.count([.pageFaultsMinor], pages: 100, childPages: 4000).count(of: .pageFaultsMinor)
    #expect(faults.value >= 4100 && faults.value < 4500)
  }

  @Test func `one object counts trial after trial anew`() throws {
    let program = try TargetPrograms.shared.program("toucher", Self.toucher)
    let counters = EventCounters([.pageFaults, .taskClock])
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    for pages in [3000, 10] {
      let spec = LaunchSpec(
        executable: program, arguments: [program, "\(pages)", "0", "0"], environment: [:],
        timeLimit: Nanoseconds(seconds: 20), hasTelemetry: false)
      _ = try supervisor.run(spec, sampling: Sampling(rateHz: 0), observers: [counters])
      let events = counters.take()
      let faults = try events.count(of: .pageFaults).value
      #expect(faults >= Double(pages) && faults < Double(pages + 300))
      #expect(try events.count(of: .taskClock).value > 0)
    }
  }

  /// Opens a group as hardware events are opened: here of software events, which every kernel has.
  private final class GroupObserver: TrialObserver {
    var opened: [Result<OwnedDescriptor, EventObstacle>] = []
    let encodings: [EventEncoding]
    let permissions: EventPermissions

    init(_ encodings: [EventEncoding], _ permissions: EventPermissions) {
      self.encodings = encodings
      self.permissions = permissions
    }

    func attach(to pid: Int32) { opened = OpenEvent.group(encodings, pid: pid, permissions: permissions) }
  }

  @Test
  func `a group starts at exec with its leader, and a member that does not fit leaves the others alone`()
    throws
  {
    let machine = EventMachine()
    let faults = try machine.encodings(of: .pageFaults)[0]
    let minor = try machine.encodings(of: .pageFaultsMinor)[0]
    let nonsense = EventEncoding(type: 1, config: 0xffff)
    let observer = GroupObserver([faults, nonsense, minor], machine.permissions)
    let program = try TargetPrograms.shared.program("toucher", Self.toucher)
    let spec = LaunchSpec(
      executable: program, arguments: [program, "3000", "2000", "0"], environment: [:],
      timeLimit: Nanoseconds(seconds: 20), hasTelemetry: false)
    _ = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
      .run(spec, sampling: Sampling(rateHz: 0), observers: [observer])
    guard case .failure(let refusal) = observer.opened[1] else {
      Issue.record("an event that does not exist was opened")
      return
    }
    #expect(refusal.cause == .notOffered)
    for index in [0, 2] {
      let reading = try #require(OpenEvent.reading(try observer.opened[index].get()))
      #expect(reading.value >= 5000 && reading.value < 5500)
      #expect(reading.enabled == reading.running)
    }
  }

  @Test func `a program that cannot be executed has counted nothing, and that is no zero`() throws {
    let counters = EventCounters([.pageFaults])
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: "/nonexistent", arguments: ["x"], environment: [:], timeLimit: Nanoseconds(seconds: 5),
      hasTelemetry: false)
    _ = try supervisor.run(spec, sampling: Sampling(rateHz: 0), observers: [counters])
    let events = counters.take()
    #expect(throws: EventObstacle.self) { try events.count(of: .pageFaults) }
  }

  @Test func `the steady phase is counted apart from what comes before and after it`() throws {
    let program = try TargetPrograms.shared.program(
      "phases",
      """
      #include "workload.h"
      #include <sys/mman.h>
      static void touch(long pages) {
        char *p = mmap(0, pages << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        madvise(p, pages << 12, MADV_NOHUGEPAGE);
        for (long i = 0; i < pages; i++) ((volatile char *)p)[i << 12] = 1;
      }
      int main(int argc, char **argv) {
        hs_start(argc, argv);
        touch(3000);
        hs_phase(HS_PHASE_STEADY);
        touch(1000);
        hs_phase(HS_PHASE_DRAIN);
        touch(2000);
        hs_idle(1);
        return hs_finish(1, 1);
      }
      """)
    let counters = EventCounters([.pageFaults])
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: program, arguments: [program], environment: [:], timeLimit: Nanoseconds(seconds: 20),
      hasTelemetry: true)
    let seen = try supervisor.run(spec, sampling: Sampling(), observers: [counters])
    let events = counters.take()
    #expect(events.marks.count == seen.series.marks.count)
    let steady = try events.count(of: .pageFaults, after: [0]).value
    #expect(steady >= 1000 && steady < 1050)
    #expect(try events.count(of: .pageFaults).value >= 6000)
  }

  @Test func `tracepoints count exactly the calls that a program makes`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "heapscale-tracefs-\(getpid())").path
    mkdir(folder, 0o700)
    defer { rmdir(folder) }
    guard geteuid() == 0, mount("none", folder, "tracefs", 0, nil) == 0 else {
      print("skipped: tracepoints need root and tracefs")
      return
    }
    defer { umount2(folder, Int32(MNT_DETACH)) }
    let machine = EventMachine()
    #expect(machine.tracepoints.root != nil)
    let events: [CountedEvent] = [.mmapCalls, .munmapCalls, .userPageFaults]
    let none = try Self.count(events, maps: 0, machine: machine)
    let many = try Self.count(events, pages: 1000, maps: 1234, machine: machine)
    for event in [CountedEvent.mmapCalls, .munmapCalls] {
      #expect(try many.count(of: event).value - none.count(of: event).value == 1234)
    }
    let faults = try many.count(of: .userPageFaults).value - none.count(of: .userPageFaults).value
    #expect(abs(faults - 999) < 50)
  }

  @Test func `an ordinary user counts what the kernel allows and is told why not the rest`() throws {
    guard geteuid() == 0 else {
      print("skipped: only root can become another user")
      return
    }
    // Both are built while root may still write to the folder.
    let program = try TargetPrograms.shared.program("toucher", Self.toucher)
    _ = try TargetPrograms.shared.helper
    let events: [CountedEvent] = [.pageFaults, .cpuMigrations, .mmapCalls, .loads]
    let counted = try OrdinaryUser.run { () throws -> TrialEvents in
      var machine = EventMachine()
      #expect(!machine.permissions.isPrivileged)
      machine.tracepoints = Tracepoints(root: nil)
      return try Self.count(events, pages: 2000, machine: machine, program: program)
    }
    let level = try #require(EventPermissions().paranoid)
    guard level == 2 else {
      print("skipped: perf_event_paranoid is \(level), not the usual 2")
      return
    }
    let faults = try counted.count(of: .pageFaults).value
    #expect(faults >= 2000 && faults < 2300)
    let migrations = #expect(throws: EventObstacle.self) { try counted.count(of: .cpuMigrations) }
    #expect(migrations?.cause == .paranoid)
    let calls = #expect(throws: EventObstacle.self) { try counted.count(of: .mmapCalls) }
    #expect(calls?.cause == .tracefs)
  }

  @Test func `facilities are found out by opening them`() {
    let facilities = EventFacilities.assess()
    #expect(facilities.all.count == CountedEvent.allCases.count + 2)
    for facility in facilities.all where facility.kind == .hardware {
      #expect((facility.obstacle?.cause == .noPMU) == (facilities.machine.missingPMU != nil))
    }
    #expect(facilities.obstacle(EventFacilities.pageFaults) == nil)
  }

  @Test func `loads and stores of a loop are counted within 2 percent`() throws {
    let machine = EventMachine()
    if let missing = machine.missingPMU {
      print("skipped: \(missing)")
      return
    }
    // 8 loads and 4 stores a turn, 50 million turns: start-up is far below 2 %.
    let loop = try TargetPrograms.shared.program(
      "loop",
      """
      int main(void) {
        volatile long a[8] = {0};
        for (register long i = 0; i < 50000000; i++) {
          a[0]; a[1]; a[2]; a[3]; a[4]; a[5]; a[6]; a[7];
          a[0] = i; a[1] = i; a[2] = i; a[3] = i;
        }
        return 0;
      }
      """)
    let counters = EventCounters([.loads, .stores], machine: machine)
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: loop, arguments: [loop], environment: [:], timeLimit: Nanoseconds(seconds: 20),
      hasTelemetry: false)
    _ = try supervisor.run(spec, sampling: Sampling(rateHz: 0), observers: [counters])
    let events = counters.take()
    for (event, expected) in [(CountedEvent.loads, 4e8), (.stores, 2e8)] {
      do throws(EventObstacle) {
        let value = try events.count(of: event).value
        #expect(abs(value / expected - 1) < 0.02)
      } catch {
        print("skipped: \(event.rawValue): \(error)")
      }
    }
  }
}
