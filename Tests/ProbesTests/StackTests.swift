import Foundation
import Model
import Testing

@testable import Probes

/// Real programs, sampled at their page faults or by the clock, and the stacks that come out.
@Suite(.serialized) struct StackTests {
  /// Builds a program from a text.
  static func compiled(_ name: String, _ source: String, _ command: [String], suffix: String = "c") throws
    -> String
  {
    let folder = TargetPrograms.shared.folder
    let file = folder.appending(path: "\(name).\(suffix)").path
    try source.write(toFile: file, atomically: true, encoding: .utf8)
    let output = folder.appending(path: name).path
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command + ["-o", output, file]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw TargetPrograms.CompileFailure(name: name) }
    return output
  }

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
    let program = try Self.compiled("chain-dynamic", Self.chain, Self.withoutFramePointers)
    let resolver = StackResolver()
    let stacks = try Self.stacks([program], StackSampler(), resolver)
    Self.expectChain(stacks, root: ["_start"])
    #expect(Self.atC(stacks).first?.frames.first?.line == 8)
    #expect(try #require(resolver.statistics.completeShare) >= 0.95, "\(resolver.notes)")
    print("dynamic:", resolver.statistics, resolver.notes)
  }
}
