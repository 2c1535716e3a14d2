import Foundation
import Glibc
import Model
import Testing

@testable import Probes

/// Records of one program, watched by a supervisor of its own.
func recorded(
  _ executable: String, _ arguments: [String] = [], _ request: SamplingRequest
) throws -> EventRecording {
  let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
  let sampler = EventSampler(request)
  let spec = LaunchSpec(
    executable: executable, arguments: [executable] + arguments, environment: [:],
    timeLimit: Nanoseconds(seconds: 20), hasTelemetry: false)
  let seen = try supervisor.run(spec, sampling: Sampling(), keepsOutput: true, observers: [sampler])
  #expect(OutcomeJudge.judge(seen).outcome == .ok)
  return sampler.finish()
}

extension EventRecording {
  /// The samples alone.
  var samples: [EventSample] {
    compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
  }
}

/// A program that touches 64 MiB at a fixed address, 16,384 pages, from as many threads as its argument says.
func toucher() throws -> String {
  try TargetPrograms.shared.program(
    "toucher",
    """
    #define _GNU_SOURCE
    #pragma GCC optimize("no-omit-frame-pointer")
    #include <pthread.h>
    #include <sched.h>
    #include <stdint.h>
    #include <stdlib.h>
    #include <sys/mman.h>
    #define START ((char *)0x200000000000)
    #define SIZE (64ul << 20)
    static int threads = 1;
    static void *touch(void *number) {
      long mine = (long)number;
      cpu_set_t set;
      CPU_ZERO(&set);
      CPU_SET(mine, &set);
      if (threads > 1) sched_setaffinity(0, sizeof set, &set);
      for (unsigned long at = mine * 4096; at < SIZE; at += threads * 4096ul) START[at] = 1;
      return 0;
    }
    int main(int argc, char **argv) {
      if (argc > 1) threads = atoi(argv[1]);
      if (mmap(START, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != START)
        return 1;
      madvise(START, SIZE, MADV_NOHUGEPAGE);
      pthread_t thread[64];
      for (long i = 0; i < threads; i++) pthread_create(&thread[i], 0, touch, (void *)i);
      for (long i = 0; i < threads; i++) pthread_join(thread[i], 0);
      return 0;
    }
    """)
}

private let touched: Range<UInt64> = 0x2000_0000_0000..<0x2000_0400_0000

@Suite(.serialized) struct SamplingTests {
  @Test func `at period 1 every page of a buffer is sampled once, with registers and stack`() throws {
    let toucher = try toucher()
    var recording = try recorded(toucher, [], SamplingRequest(kinds: [.pageFaults(period: 1)]))
    // Beside hundreds of other tests the ring may fill before its reader gets a CPU. What was lost is counted then, and another
    // run has room for all.
    for _ in 0..<8 where recording.lost.total > 0 {
      let seen = recording.samples.count { $0.address.map(touched.contains) == true }
      #expect(UInt64(seen) + recording.lost.total >= 16_384)
      recording = try recorded(toucher, [], SamplingRequest(kinds: [.pageFaults(period: 1)]))
    }
    #expect(recording.missing == [])
    #expect(recording.lost.total == 0)
    let inside = recording.samples.filter { $0.address.map(touched.contains) == true }
    #expect(inside.count == 16_384)
    #expect(Set(inside.compactMap(\.address)).count == 16_384)
    #expect(inside.allSatisfy { $0.registers?.value(bit: 8) == $0.instruction && !$0.stack.isEmpty })
    #expect(recording.damaged == 0)
    #expect(recording.sampleCount == UInt64(recording.samples.count))
  }

  @Test(.enabled(if: CPUList.online().count >= 2, "this machine has one CPU"))
  func `every CPU's samples are seen, in the order of time`() throws {
    let recording = try recorded(
      try toucher(), ["2"], SamplingRequest(kinds: [.pageFaults(period: 1)], stacks: .none))
    let inside = recording.samples.filter { $0.address.map(touched.contains) == true }
    #expect(UInt64(inside.count) + recording.lost.total >= 16_384)
    #expect(Set(inside.map(\.tid)).count == 2)
    #expect(Set(inside.map(\.cpu)).isSuperset(of: [0, 1]))
    #expect(zip(recording.samples, recording.samples.dropFirst()).allSatisfy { $0.time <= $1.time })
  }

  @Test func `forked and exec'd children are seen with their mappings`() throws {
    let script = "\(try toucher()); true"
    let recording = try recorded(
      "/bin/sh", ["-c", script], SamplingRequest(kinds: [.pageFaults(period: 1)], stacks: .framePointers))
    var forked: Set<Int32> = []
    var executed: [Int32] = []
    var mapped: [Int32: Set<String>] = [:]
    for record in recording {
      switch record {
      case .forked(let pid, _, _): forked.insert(pid)
      case .exec(let pid, _): executed.append(pid)
      case .mapped(let region): mapped[region.pid, default: []].insert(region.path)
      case .sample, .lost: break
      }
    }
    let inside = recording.samples.filter { $0.address.map(touched.contains) == true }
    let child = try #require(inside.first?.pid)
    #expect(inside.count == 16_384 && forked.contains(child) && executed.contains(child))
    #expect(mapped[child]?.contains { $0.hasSuffix("/toucher") } == true)
    #expect(inside.allSatisfy { $0.callchain.first == $0.instruction && $0.callchain.count > 1 })
  }

  @Test func `a period of 100 gives a sample for every hundredth fault`() throws {
    let recording = try recorded(
      try toucher(), [], SamplingRequest(kinds: [.pageFaults(period: 100)], stacks: .none))
    let inside = recording.samples.filter { $0.address.map(touched.contains) == true }
    #expect((162...165).contains(inside.count))
    #expect(inside.allSatisfy { $0.period == 100 })
  }

  @Test func `samples beyond the temporary file's limit are counted as lost`() throws {
    let request = SamplingRequest(
      kinds: [.pageFaults(period: 1)], ringBytes: Bytes(65_536), spoolLimit: Bytes(1 << 20))
    // A reader that gets no CPU beside hundreds of other tests loses samples in the ring, before the file can be full.
    var recording = try recorded(try toucher(), [], request)
    for _ in 0..<8 where recording.lost.inSpool == 0 {
      #expect(recording.sampleCount + recording.lost.total > 16_384)
      recording = try recorded(try toucher(), [], request)
    }
    #expect(recording.sampleCount > 0 && recording.lost.inSpool > 0)
    #expect(recording.sampleCount + recording.lost.total > 16_384)
    #expect(recording.damaged == 0)
  }

  /// The rings are read only when the program has ended.
  @Test func `samples without room in a ring are counted as lost`() throws {
    let sampler = EventSampler(
      SamplingRequest(kinds: [.pageFaults(period: 1)], stacks: .none, ringBytes: Bytes(8192)))
    let process = try StoppedProcess([try toucher()])
    sampler.attach(running: process.pid)
    sampler.start()
    process.goOn()
    #expect(process.wait() == 0)
    let recording = sampler.finish()
    #expect(recording.missing == [])
    #expect(recording.events.first?.lost.map { $0 > 16_000 } == true)
    #expect(recording.sampleCount + recording.lost.inRings >= 16_384)
  }

  @Test func `a running process is sampled from start to stop, with the mappings it had`() throws {
    let program = try TargetPrograms.shared.program(
      "waves",
      """
      #include <pthread.h>
      #include <string.h>
      #include <sys/mman.h>
      #include <unistd.h>
      static void *wave(void *unused) {
        for (;;) {
          char *part = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
          memset(part, 1, 1 << 20);
          munmap(part, 1 << 20);
          usleep(1000);
        }
      }
      int main(void) {
        pthread_t thread;
        pthread_create(&thread, 0, wave, 0);
        write(1, "x", 1);
        return wave(0) != 0;
      }
      """)
    let process = Process()
    process.executableURL = URL(filePath: program)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)  // a worker thread's children have SIGTERM blocked
      process.waitUntilExit()
    }
    #expect(output.fileHandleForReading.readData(ofLength: 1).count == 1)
    let pid = process.processIdentifier
    let sampler = EventSampler(SamplingRequest(kinds: [.pageFaults(period: 1)], stacks: .none))
    sampler.attach(running: pid)
    #expect(!sampler.descriptors.isEmpty)
    usleep(50_000)
    sampler.drain()
    sampler.start()
    for _ in 0..<8 {
      usleep(50_000)
      sampler.drain()
    }
    sampler.stop()
    let stopped = UInt64(MonotonicClock.now)
    usleep(50_000)
    let recording = sampler.finish()
    #expect(recording.missing == [])
    #expect(Set(recording.samples.map(\.tid)).count == 2)
    #expect(recording.samples.allSatisfy { $0.time <= stopped })
    let first = try #require(recording.first { _ in true })
    guard case .mapped(let region) = first else {
      Issue.record("a recording of a running process begins with its mappings")
      return
    }
    #expect(region.pid == pid && region.isExecutable && region.time == 0)
  }

  @Test func `a process that is gone is missing, with the reason`() {
    let sampler = EventSampler(SamplingRequest(kinds: [.pageFaults(period: 1)]))
    sampler.attach(running: Int32.max)
    let recording = sampler.finish()
    #expect(recording.missing.first?.reason.contains("does not exist") == true)
    #expect(recording.first { _ in true } == nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
  func `an ordinary user gets page faults without the kernel's, in smaller rings`() throws {
    let program = try toucher()
    let recording = try LockedMemory.alone {
      try OrdinaryUser.run {
        try recorded(
          program, [],
          SamplingRequest(kinds: [.pageFaults(period: 1), .addressSpace], ringBytes: Bytes(16 << 20)))
      }
    }
    #expect(recording.events.map(\.name) == ["page-faults"])
    #expect(recording.events.first?.excludesKernel == true)
    let inside = recording.samples.filter { $0.address.map(touched.contains) == true }
    #expect(UInt64(inside.count) + recording.lost.total >= 16_384 && !inside.isEmpty)
    #expect(recording.missing.map(\.what) == ["calls of mmap, munmap, mremap, madvise, brk"])
    #expect(recording.notes.contains { $0.contains("limit of locked memory") })
  }

  @Test(.enabled(if: geteuid() == 0, "tracepoints are root's"))
  func `with tracefs the changes of the address space are read`() throws {
    let tracefs = try MountedTracefs()
    defer { tracefs.unmount() }
    let program = try TargetPrograms.shared.program(
      "changer",
      """
      #define _GNU_SOURCE
      #include <sys/mman.h>
      #include <unistd.h>
      #define AT(number) ((char *)0x300000000000 + (number) * 0x100000ul)
      int main(void) {
        mmap(AT(0), 0x10000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        for (int i = 0; i < 16; i++) AT(0)[i * 4096] = 1;
        madvise(AT(0), 0x4000, MADV_DONTNEED);
        madvise(AT(0) + 0x4000, 0x4000, MADV_FREE);
        mremap(AT(0), 0x10000, 0x10000, MREMAP_MAYMOVE | MREMAP_FIXED, AT(5));
        munmap(AT(5), 0x10000);
        sbrk(0x5000);
        sbrk(-0x5000);
        return 0;
      }
      """)
    let recording = try recorded(
      program, [], SamplingRequest(kinds: [.pageFaults(period: 1), .addressSpace], stacks: .none))
    #expect(recording.missing == [])
    var reader = AddressSpaceReader(events: recording.events)
    let changes = recording.flatMap { reader.changes(by: $0) }
    let ours = changes.filter { $0.address >> 40 == 0x30 }
    let (first, second): (UInt64, UInt64) = (0x3000_0000_0000, 0x3000_0050_0000)
    #expect(
      ours.map(\.kind) == [.mapped, .discarded, .discardedLazily, .moved(from: first), .unmapped])
    #expect(ours.map(\.address) == [first, first, first + 0x4000, second, second])
    #expect(ours.map(\.length) == [0x10000, 0x4000, 0x4000, 0x10000, 0x10000])
    let breaks = changes.suffix(2)
    #expect(breaks.map(\.kind) == [.mapped, .unmapped])
    #expect(breaks.map(\.length) == [0x5000, 0x5000])
  }
}
