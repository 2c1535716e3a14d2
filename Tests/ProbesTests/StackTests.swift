import Foundation
import Model
import Testing

@testable import Probes

/// Real programs, sampled at their page faults or by the clock, and the stacks that come out.
@Suite(.serialized) struct StackTests {
  /// Samples and resolves.
  static func stacks(
    _ command: [String], _ sampler: StackSampler = StackSampler(), _ resolver: StackResolver = StackResolver()
  ) throws -> [ResolvedStack] {
    try sampler.records(of: command).compactMap { resolver.consume($0) }
  }

  /// A chain main, a, b, c; c touches fresh pages. No frame pointers, no tail calls.
  static let chain = """
    #include <stdlib.h>
    #include <sys/mman.h>
    #define STEP(name, next) \\
      __attribute__((noinline)) static long name(char *p, long n) { \\
        volatile char room[48]; room[n & 15] = 1; return next(p, n) + room[n & 15]; }
    __attribute__((noinline)) static long c(char *p, long n) {
      long sum = 0;
      for (long i = 0; i < n; i++) { p[i * 4096] = (char)i; sum += p[i * 4096]; }
      return sum;
    }
    STEP(b, c)
    STEP(a, b)
    int main(void) {
      long n = 500;
      char *p = mmap(0, n * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      madvise(p, n * 4096, MADV_NOHUGEPAGE);
      return a(p, n) == 1;
    }
    """

  static let withoutFramePointers = ["gcc", "-O2", "-g", "-fomit-frame-pointer"]

  /// The record as a session with smaller dumps would have it.
  static func cut(_ record: EventRecord, to length: Int) -> EventRecord {
    guard case .sample(var sample) = record else { return record }
    sample.stack = Array(sample.stack.prefix(length))
    return .sample(sample)
  }

  /// The stacks whose innermost function is `c`.
  static func atC(_ stacks: [ResolvedStack]) -> [ResolvedStack] {
    stacks.filter { $0.frames.first?.function == "c" }
  }

  /// Checks the chain in at least 495 of the 500 faults.
  static func expectChain(
    _ stacks: [ResolvedStack], root: [String], _ location: SourceLocation = #_sourceLocation
  ) {
    let found = atC(stacks)
    #expect(found.count >= 495, sourceLocation: location)
    let whole = found.filter {
      $0.isComplete && $0.frames.prefix(4).map(\.function) == ["c", "b", "a", "main"]
    }
    #expect(whole.count == found.count, "\(found.first.map(\.frames) ?? [])", sourceLocation: location)
    #expect(root.contains(whole.first?.frames.last?.function ?? ""), sourceLocation: location)
  }

  @Test func `a chain of calls without frame pointers is found in a dynamic program`() throws {
    let program = try TargetPrograms.shared.program(
      "chain-dynamic", Self.chain, by: Self.withoutFramePointers)
    let resolver = StackResolver()
    let stacks = try Self.stacks([program], StackSampler(), resolver)
    Self.expectChain(stacks, root: ["_start"])
    #expect(Self.atC(stacks).first?.frames.first?.line == 8)
    #expect(try #require(resolver.statistics.completeShare) >= 0.95, "\(resolver.notes)")
    Self.report("dynamic", resolver, stacks)
  }

  /// For the log: the share of complete stacks, and one of each kind that is not.
  static func report(_ name: String, _ resolver: StackResolver, _ stacks: [ResolvedStack]) {
    let statistics = resolver.statistics
    print("\(name): \(statistics.complete) of \(statistics.samples) stacks complete")
    for end in StackEnd.allCases where end != .root {
      guard let stack = stacks.first(where: { $0.end == end }) else { continue }
      print("  \(end) \(statistics.ends[end] ?? 0):", stack.frames.map { "\($0.function)@\($0.object)" })
    }
  }

  @Test(arguments: [
    ["-static", "-Wl,--eh-frame-hdr"], ["-static"], ["-static-pie"], ["-no-pie"], ["-static", "-s"],
  ])
  func `a chain of calls is found in static and position-independent programs`(_ options: [String]) throws {
    let name = "chain" + options.joined().replacing(",", with: "")
    let program = try TargetPrograms.shared.program(name, Self.chain, by: Self.withoutFramePointers + options)
    let resolver = StackResolver()
    let stacks = try Self.stacks([program], StackSampler(), resolver)
    Self.report(name, resolver, stacks)
    if options.contains("-s") {
      // Without symbols the frames are there all the same.
      let deep = stacks.filter { $0.isComplete && $0.frames.count >= 5 }
      #expect(deep.count >= 495)
      #expect(deep.last?.frames.first?.role == .unknown)
    } else {
      Self.expectChain(stacks, root: ["_start"])
    }
    #expect(try #require(resolver.statistics.completeShare) >= 0.95, "\(resolver.notes)")
  }

  @Test func `templates are demangled, and inlined calls are frames of their own`() throws {
    let source = """
      #include <vector>
      #include <cstdlib>
      #include <sys/mman.h>
      namespace shop {
      template <typename T> struct Shelf {
        static inline __attribute__((always_inline)) void put(T *place, long i) { place[i * 4096 / sizeof(T)] = T(i); }
        __attribute__((noinline)) static void fill(T *place, long count) {
          for (long i = 0; i < count; i++) put(place, i);
        }
      };
      }
      int main() {
        long n = 300;
        void *p = mmap(0, n * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        shop::Shelf<double>::fill((double *)p, n);
        std::vector<int> v(100, 1);
        return v[3] - 1;
      }
      """
    let program = try TargetPrograms.shared.program("shelf", source, by: ["g++", "-O2", "-g"], suffix: "cpp")
    let stacks = try Self.stacks([program])
    let found = stacks.filter { $0.frames.first?.function == "shop::Shelf<double>::put(double*, long)" }
    #expect(found.count >= 290)
    let frames = try #require(found.first).frames
    #expect(
      frames.map(\.function).prefix(3) == [
        "shop::Shelf<double>::put(double*, long)", "shop::Shelf<double>::fill(double*, long)", "main",
      ])
    #expect(frames.prefix(3).map(\.line) == [6, 8, 15])
    #expect(frames[0].sourceFile?.hasSuffix("shelf.cpp") == true)
    #expect(found.allSatisfy { $0.isComplete })
  }

  /// Calls, allocates, sorts, formats: code in which the clock finds every kind of instruction.
  static let busy = """
    #include <signal.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <pthread.h>
    #include <unistd.h>
    static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
    static volatile long sink;
    static void on_signal(int number) { for (int i = 0; i < 2000000; i++) sink += number; }
    __attribute__((noinline)) static void work(int rounds) {
      int values[50];
      char text[200];
      for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < 50; i++) values[i] = (i * 7919 + r) % 1009;
        qsort(values, 50, sizeof *values, order);
        for (int i = 0; i < 200; i++) {
          char *p = malloc(16 + i * 3);
          char *q = calloc(3, 300 + i);
          snprintf(text, sizeof text, "%d %f %s", i, i * 1.5, "text");
          memcpy(p, text, 12);
          sink += strtol(text, 0, 10) + p[3] + q[2];
          free(q);
          free(p);
        }
      }
    }
    static void *thread(void *n) { work((int)(long)n); return 0; }
    int main(void) {
      pthread_t id;
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, 0);
      signal(SIGUSR1, on_signal);
      pthread_create(&id, 0, thread, (void *)1500L);
      work(1500);
      raise(SIGUSR1);
      pthread_join(id, 0);
      return 0;
    }
    """

  static let clock = StackSampler(event: .cpuClock, period: 100_000)

  @Test func `wherever the clock stops a dynamic program, at least 95 of 100 stacks are complete`() throws {
    let program = try TargetPrograms.shared.program(
      "busy", Self.busy, by: Self.withoutFramePointers + ["-pthread"])
    let resolver = StackResolver()
    let records = try Self.clock.records(of: [program])
    let started = ContinuousClock.now
    let stacks = records.compactMap { resolver.consume($0) }
    let elapsed = ContinuousClock.now - started
    Self.report("busy, 8 KB", resolver, stacks)
    print("  each took", elapsed / max(1, stacks.count))
    let samples = records.filter { if case .sample = $0 { true } else { false } }
    let again = ContinuousClock.now
    for sample in samples { _ = resolver.consume(sample) }
    print("  and once more", (ContinuousClock.now - again) / max(1, stacks.count))
    #expect(stacks.count > 500)
    #expect(try #require(resolver.statistics.completeShare) >= 0.95, "\(resolver.notes)")
    let handler = stacks.filter { $0.frames.first?.function == "on_signal" }
    #expect(!handler.isEmpty)
    #expect(handler.allSatisfy { $0.isComplete && $0.frames.contains { $0.function == "main" } })
    let inThread = stacks.filter { $0.frames.contains { $0.function == "thread" } }
    #expect(inThread.contains { $0.isComplete })
    let short = StackResolver()
    Self.report("busy, 2 KB", short, records.compactMap { short.consume(Self.cut($0, to: 2048)) })
  }

  @Test(arguments: [["-static", "-pthread"], ["-static", "-pthread", "-Wl,--eh-frame-hdr"]])
  func `wherever the clock stops a static program, at least 95 of 100 stacks are complete`(
    _ options: [String]
  ) throws {
    let name = "busy" + options.joined().replacing(",", with: "")
    let program = try TargetPrograms.shared.program(name, Self.busy, by: Self.withoutFramePointers + options)
    let resolver = StackResolver()
    let stacks = try Self.stacks([program], Self.clock, resolver)
    Self.report(name, resolver, stacks)
    #expect(try #require(resolver.statistics.completeShare) >= 0.95, "\(resolver.notes)")
    let inside = stacks.filter { $0.frames.first?.role == .allocator }
    #expect(inside.contains { $0.frames.first?.function == "_int_malloc" })
    #expect(inside.allSatisfy { $0.foldingAllocator().frames.filter { $0.role == .allocator }.count == 1 })
  }

  @Test func `stacks that stop in musl say that they are incomplete`() throws {
    let program = try TargetPrograms.shared.program(
      "busy-musl", Self.busy, by: ["musl-gcc", "-O2", "-g", "-static"])
    let resolver = StackResolver()
    let stacks = try Self.stacks([program], Self.clock, resolver)
    Self.report("musl", resolver, stacks)
    let inMusl = stacks.filter {
      $0.frames.first?.function == "vfprintf" || $0.frames.first?.function == "printf_core"
    }
    #expect(!inMusl.isEmpty)
    #expect(inMusl.allSatisfy { !$0.isComplete && $0.frames.last?.isTruncation == true })
    // Code of the program itself has tables.
    let own = stacks.filter { $0.frames.first?.function == "order" || $0.frames.first?.function == "work" }
    #expect(own.contains { $0.isComplete })
  }

  @Test(arguments: [
    ("libtcmalloc_minimal.so.4", "libtcmalloc"), ("libjemalloc.so.2", "libjemalloc.so"),
    ("libmimalloc.so.2", "libmimalloc.so"),
  ])
  func `everything inside a preloaded allocator folds into one frame`(_ library: String, _ mark: String)
    throws
  {
    let path = "/usr/lib/x86_64-linux-gnu/\(library)"
    guard FileManager.default.fileExists(atPath: path) else {
      return print("skipped \(library): not installed")
    }
    let program = try TargetPrograms.shared.program(
      "busy", Self.busy, by: Self.withoutFramePointers + ["-pthread"])
    let resolver = StackResolver(allocator: AllocatorCode(libraries: [mark]))
    var sampler = Self.clock
    sampler.environment = ["LD_PRELOAD": path]
    let stacks = try Self.stacks([program], sampler, resolver)
    Self.report(library, resolver, stacks)
    #expect(try #require(resolver.statistics.completeShare) >= 0.95, "\(resolver.notes)")
    let inside = stacks.filter {
      $0.frames.first?.object.contains(mark) == true && $0.frames.contains { $0.function == "work" }
    }
    #expect(!inside.isEmpty)
    for stack in inside {
      let folded = stack.foldingAllocator().frames
      #expect(folded[0].function == "[allocator]")
      #expect(folded[0].object.contains(mark))
      #expect(["work", "qsort_r", "main", "thread"].contains(folded[1].function), "\(folded[1])")
      #expect(folded.dropFirst().allSatisfy { $0.role != .allocator })
    }
  }

  @Test(arguments: [[], ["-ldflags=-s -w"], ["-buildmode=pie"]])
  func `stacks of goroutines are found by Go's own table`(_ options: [String]) throws {
    let go = URL(filePath: #filePath).appending(path: "../../../.tools/python/go/bin/go").standardizedFileURL
      .path
    guard FileManager.default.isExecutableFile(atPath: go) else {
      return print("skipped: \(go) is not installed")
    }
    let source = """
      package main
      import ("fmt"; "os"; "syscall")
      type Shelf struct { bytes []byte }
      //go:noinline
      func (s *Shelf) fill() int {
      	sum := 0
      	for i := 0; i < len(s.bytes); i += 4096 { s.bytes[i] = byte(i); sum += int(s.bytes[i]) }
      	return sum
      }
      //go:noinline
      func middle(s *Shelf) int { return s.fill() + 1 }
      func main() {
      	done := make(chan int)
      	go func() {
      		bytes, _ := syscall.Mmap(-1, 0, 500*4096, 3, 0x22)
      		done <- middle(&Shelf{bytes})
      	}()
      	heap := make([]byte, 8<<20)
      	for i := 0; i < len(heap); i += 4096 { heap[i] = 1 }
      	fmt.Fprintln(os.Stderr, len(heap), <-done)
      }
      """
    let name = "shelf-go" + options.joined().replacing(" ", with: "")
    let cache = URL(filePath: #filePath).appending(path: "../../../.cache/go").standardizedFileURL.path
    let settings = ["GOCACHE=\(cache)", "HOME=\(TargetPrograms.shared.folder.path)", "CGO_ENABLED=0"]
    let program = try TargetPrograms.shared.program(
      name, source, by: settings + [go, "build"] + options, suffix: "go")
    let resolver = StackResolver()
    var sampler = StackSampler()
    sampler.hasCallchain = true
    let stacks = try Self.stacks([program], sampler, resolver)
    Self.report(name, resolver, stacks)
    let found = stacks.filter { $0.frames.first?.function == "main.(*Shelf).fill" }
    #expect(found.count >= 400)
    #expect(found.allSatisfy { $0.isComplete })
    let names = try #require(found.first).frames.map(\.function)
    #expect(names.starts(with: ["main.(*Shelf).fill", "main.middle", "main.main.func1"]), "\(names)")
    #expect(names.last == "runtime.goexit")
    #expect(try #require(resolver.statistics.completeShare) >= 0.8, "\(resolver.notes)")
  }

  /// `c` has no frame, so its caller `b` is missed: that is what frame pointers are worth.
  @Test func `frame pointers are followed by the kernel and in the dump alike`() throws {
    let program = try TargetPrograms.shared.program(
      "chain-fp", Self.chain,
      by: ["gcc", "-O2", "-g", "-fno-omit-frame-pointer", "-mno-omit-leaf-frame-pointer"])
    var sampler = StackSampler()
    sampler.hasCallchain = true
    let records = try sampler.records(of: [program])
    let kernel = StackResolver(mode: .framePointers)
    let dump = StackResolver(mode: .framePointers)
    let byKernel = records.compactMap { kernel.consume($0) }
    let byDump = records.compactMap { record -> ResolvedStack? in
      guard case .sample(var sample) = record else { return dump.consume(record) }
      sample.callchain = []
      return dump.consume(.sample(sample))
    }
    for stacks in [byKernel, byDump] {
      let found = Self.atC(stacks)
      #expect(found.count >= 495)
      #expect(
        found.allSatisfy {
          $0.isComplete && $0.frames.map(\.function).suffix(3).starts(with: ["a", "main"])
        },
        "\(found.first?.frames ?? [])")
    }
    Self.report("frame pointers, kernel", kernel, byKernel)
    Self.report("frame pointers, dump", dump, byDump)
  }
}
