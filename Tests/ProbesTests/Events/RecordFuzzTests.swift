import Model
import Testing

@testable import Probes

@Suite struct RecordFuzzTests {
  private let decoder = RecordDecoder([Fixtures.intel, Fixtures.amd, Fixtures.faults])
  private let fixtures = [Fixtures.intelLoad, Fixtures.amdStore, Fixtures.amdOther, Fixtures.fault]

  @Test func `a sample cut off anywhere is damage`() {
    for fixture in fixtures {
      for count in 0..<fixture.count {
        var bytes = Array(fixture[..<count])
        #expect(throws: RecordDamage.self) { try decoder.decode(bytes) }
        guard count >= 8 else { continue }
        bytes[6] = UInt8(count & 0xff)  // now the header agrees
        bytes[7] = UInt8(count >> 8)
        #expect(throws: RecordDamage.self) { try decoder.decode(bytes) }
      }
    }
  }

  /// The record lies at the end of a page behind which nothing is mapped: to read past it would end the test.
  @Test func `flipped bits and lengths never lead past the record's end`() throws {
    let guarded = try GuardedBytes()
    var random = SeededRandom(seed: 5)
    var understood = 0
    for _ in 0..<40_000 {
      var bytes = fixtures[Int.random(in: 0..<fixtures.count, using: &random)]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      }
      if (try? decoder.decode(guarded.place(bytes))) != nil { understood += 1 }
    }
    #expect(understood > 0)
  }

  @Test func `random bytes of any type never lead past the record's end`() throws {
    let guarded = try GuardedBytes()
    var random = SeededRandom(seed: 6)
    var fields = SampleLayout(fields: [])
    for _ in 0..<20_000 {
      fields.fields = .init(rawValue: UInt64.random(in: 0..<1 << 25, using: &random))
      fields.readFormat = UInt64.random(in: 0..<32, using: &random)
      fields.userRegisterMask = UInt64.random(in: 0..<8, using: &random)
      fields.branchType = UInt64.random(in: 0..<1 << 20, using: &random)
      let count = Int.random(in: 8...200, using: &random)
      var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) & 0x0f }
      bytes.replaceSubrange(0..<4, with: [UInt8.random(in: 0...22, using: &random), 0, 0, 0])
      bytes.replaceSubrange(6..<8, with: [UInt8(count), 0])
      let decoder = RecordDecoder([EventLayout(ids: [1], sample: fields)])
      let placed = guarded.place(bytes)
      _ = try? decoder.decode(placed)
      if let header = try? RecordHeader(placed) { _ = decoder.time(placed, header) }
    }
  }

  @Test func `a decoder without events knows no record`() {
    #expect(throws: RecordDamage.self) { try RecordDecoder([]).decode(Fixtures.fault) }
  }
}
