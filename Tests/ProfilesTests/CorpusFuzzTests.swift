import Foundation
import Model
import Testing
import TestSupport

@testable import Profiles

/// Every form of heap profile, and heapscale's own file, damaged: a profile or an error, bounded either way.
@Suite struct CorpusFuzzTests {
  private static let texts = [
    "go-heap-debug1.txt", "go-heap-stripped.txt", "gperftools-keeper.heap", "gperftools-sampled.heap",
    "jemalloc-accumulated.heap", "jemalloc-keeper.heap",
  ]

  private func look(_ bytes: [UInt8]) {
    let limits = PprofReader.Limits(bytes: 1 << 20, entries: 100_000)
    guard let raw = try? HeapProfileReader.read(bytes, file: "fuzz", limits: limits) else { return }
    let profile = raw.resolve(title: "fuzz")
    #expect(profile.totals.count == raw.columns.count)
    #expect(profile.samples.allSatisfy { $0.stack.allSatisfy(profile.frames.indices.contains) })
  }

  @Test(arguments: texts) func `heap texts`(name: String) throws {
    // The head and the tail hold what is parsed in its own way; the middle repeats itself.
    let whole = try Sample.recorded(name)
    let short = whole.count < 6000 ? whole : Array(whole.prefix(3000) + whole.suffix(3000))
    var mutator = Mutator(
      seed: UInt64(name.utf8.count),
      words: ["heap profile:", "heap_v2/", "MAPPED_LIBRARIES:", "@ 0x", "t*:", "#\t0x", "---"])
    for _ in 0..<Mutator.rounds { look(mutator.damaged(short, with: [whole])) }
  }

  @Test func `pprof files`() throws {
    let packed = try Sample.recorded("go-keeper.pb.gz")
    let plain = try Gzip.expand(packed, limit: 1 << 20)
    var mutator = Mutator(seed: 52)
    for round in 0..<Mutator.rounds { look(mutator.damaged(round % 4 == 0 ? packed : plain)) }
  }
}
