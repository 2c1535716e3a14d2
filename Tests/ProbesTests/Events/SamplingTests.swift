import Foundation
import Glibc
import Model
import Testing

@testable import Probes

/// Records of one program, watched by a supervisor of its own.
func recording(
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
    let recording = try recording(try toucher(), [], SamplingRequest(kinds: [.pageFaults(period: 1)]))
    #expect(recording.failures == [])
    #expect(recording.lost.total == 0)
    let inside = recording.samples.filter { $0.address.map(touched.contains) == true }
    #expect(inside.count == 16_384)
    #expect(Set(inside.compactMap(\.address)).count == 16_384)
    #expect(inside.allSatisfy { $0.registers?.value(bit: 8) == $0.instruction && !$0.stack.isEmpty })
    #expect(recording.damaged == 0)
    #expect(recording.sampleCount == UInt64(recording.samples.count))
  }
}
