import Model
import Testing

@testable import Profiles

/// Damaged files give a profile or an error, and never more than they may. Seeds are fixed.
@Suite struct FuzzTests {
  private static let files = [
    "gperftools-keeper.heap", "jemalloc-accumulated.heap", "go-keeper.pb.gz",
  ]

  /// Reads; true when the file still was a profile.
  private func survives(_ bytes: [UInt8]) -> Bool {
    let limits = PprofReader.Limits(bytes: 1 << 20, entries: 100_000)
    guard let raw = try? HeapProfileReader.read(bytes, file: "fuzz", limits: limits) else { return false }
    let profile = raw.resolve(title: "fuzz")
    #expect(profile.totals.count == raw.columns.count)
    #expect(profile.samples.allSatisfy { $0.stack.allSatisfy(profile.frames.indices.contains) })
    return true
  }

  @Test(arguments: files) func `cut files`(name: String) throws {
    let bytes = try Sample.recorded(name)
    #expect(survives(bytes))
    for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
      _ = survives([UInt8](bytes.prefix(count)))
    }
  }

  @Test(arguments: files) func `flipped bits`(name: String) throws {
    // Inside the gzip stream flips would only show that zlib checks its sums.
    var plain = try Sample.recorded(name)
    if plain.starts(with: Gzip.magic) { plain = try Gzip.expand(plain, limit: 1 << 20) }
    var random = SeededRandom(seed: 20_260_102)
    var survivors = 0
    for _ in 0..<300 {
      var bytes = plain
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8(
          1 << Int.random(in: 0..<8, using: &random))
      }
      if survives(bytes) { survivors += 1 }
    }
    // Some flips change a number or a name only, so that both ways are taken.
    #expect(survivors > 5 && survivors < 300)
  }

  @Test func `huge counts`() {
    let most = UInt64.max
    let lines = [
      "heap profile: \(most): \(most) [\(most): \(most)] @ heapprofile\n\(most): \(most) [\(most): \(most)] @ 0xffffffffffffffff 0x0\n",
      "heap_v2/\(most)\n@ 0xffffffffffffffff\n t*: \(most): 1 [\(most): \(most)]\n",
      "heap_v2/1\n@\n t*: 0: \(most) [0: 0]\n",
    ]
    for text in lines { #expect(survives([UInt8]((text + "MAPPED_LIBRARIES:\n").utf8))) }
    let twice = lines[0] + "1: 1 [1: 1] @ 0x1\nMAPPED_LIBRARIES:\n"
    #expect(!survives([UInt8](twice.utf8)))
  }

  @Test func `flipped bits in heapscale's own file`() throws {
    let plain = [UInt8](try Sample.file(Sample.small).utf8)
    var random = SeededRandom(seed: 7)
    var refused = 0
    for _ in 0..<300 {
      var bytes = plain
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8(
        1 << Int.random(in: 0..<8, using: &random))
      guard let profile = try? ProfileResultFile.read(bytes, file: "fuzz").growth else {
        refused += 1
        continue
      }
      #expect(profile.samples.allSatisfy { $0.stack.allSatisfy(profile.frames.indices.contains) })
    }
    #expect(refused > 20 && refused < 300)
  }
}
