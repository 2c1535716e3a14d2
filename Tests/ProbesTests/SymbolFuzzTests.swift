import Foundation
import Model
import Testing

@testable import Probes

/// Damaged programs are looked at without harm: their headers, frame tables, Go tables, symbols and lines.
///
/// A few hundred in every run; `HEAPSCALE_FUZZ=20000 swift test --filter SymbolFuzzTests` tries so many of each program.
@Suite struct SymbolFuzzTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["HEAPSCALE_FUZZ"].flatMap { Int($0) } ?? 400

  /// Numbers that lie at the edge of something.
  private static let edges: [UInt64] = [
    0, 1, 0x7F, 0xFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 62, 1 << 63 - 1, 1 << 63, .max,
  ]

  private static let c = """
    static int inner(int a) { return a * 3; }
    int outer(int a) { return inner(a) + inner(a + 1); }
    int main(int argc, char **argv) { return outer(argc) == 9; }
    """

  /// Looks at everything that a profile would.
  private func look(_ path: String) {
    guard let file = CodeFile(path: path) else { return }
    for section in file.image.sections.prefix(40) {
      for part: UInt64 in [0, section.length / 2, section.length &- 1] {
        let address = section.address &+ part
        _ = file.symbols.places(at: address)
        _ = file.image.isCode(address)
        _ = file.image.load(UInt64.self, atAddress: address)
        if let function = file.goTable?.function(at: address) {
          _ = file.goTable?.frameLength(of: function, at: address)
        }
      }
    }
    for segment in file.image.segments {
      _ = file.symbols.places(at: segment.address)
      _ = file.image.address(ofFileOffset: segment.fileOffset &+ 1)
    }
    _ = file.image.buildID
  }

  /// Places where damage matters: the head, the two tables that it points to, and anywhere.
  private static func place(_ random: inout SeededRandom, _ bytes: [UInt8]) -> Int {
    func word(_ at: Int) -> Int {
      let stated = bytes[at..<at + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      return Int(clamping: min(stated, UInt64(bytes.count - 1)))
    }
    let area =
      switch random.next() % 4 {
      case 0: 0..<64
      case 1: word(32)..<word(32) + 56 * 12
      case 2: word(40)..<word(40) + 64 * 40
      default: 0..<bytes.count
      }
    return min(bytes.count - 8, Int.random(in: area, using: &random))
  }

  private func fuzz(_ program: String, seed: UInt64) throws {
    let whole = try [UInt8](Data(contentsOf: URL(filePath: program)))
    let copy = NSTemporaryDirectory() + "heapscale-fuzz-\(getpid())-\(seed)"
    defer { unlink(copy) }
    var random = SeededRandom(seed: seed)
    for _ in 0..<Self.rounds {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Self.place(&random, bytes)
        if Bool.random(using: &random) {
          bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        } else {
          let number = Self.edges[Int.random(in: 0..<Self.edges.count, using: &random)]
          withUnsafeBytes(of: number.littleEndian) { edge in
            for index in 0..<8 { bytes[place + index] = edge[index] }
          }
        }
      }
      if random.next() % 8 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      try Data(bytes).write(to: URL(filePath: copy))
      look(copy)
    }
  }

  @Test func `damaged programs with debugging information are survived`() throws {
    try fuzz(try TargetPrograms.shared.program("fuzzed", Self.c, by: TargetPrograms.plain + ["-g"]), seed: 31)
  }

  @Test func `damaged programs without symbols are survived`() throws {
    try fuzz(try TargetPrograms.shared.program("fuzzed", Self.c, by: TargetPrograms.plain + ["-s"]), seed: 32)
  }

  /// The table of Go's functions, put into a small program: a real one is too large to be damaged at the right places.
  @Test func `damaged tables of Go's functions are survived`() throws {
    let table = """
      .section .gopclntab,\\"a\\"
      .long 0xfffffff1
      .byte 0, 0, 1, 8
      .quad 1, 1, main, 72, 0, 0, 192, 96
      .asciz \\"main.one\\"
      .zero 15
      .long 0, 32, 64, 0
      .zero 16
      .long 0, 0, 0, 0, 1, 0
      .zero 40
      .byte 0, 2, 8, 16, 64, 0
      .zero 64
      """
    let source = "asm(\"\(table.split(separator: "\n").joined(separator: "\\n"))\\n.text\\n\");\n" + Self.c
    let program = try TargetPrograms.shared.program("fuzzed", source, by: TargetPrograms.plain + ["-no-pie"])
    let file = try #require(CodeFile(path: program))
    let main = try #require(
      file.goTable.flatMap { table in file.image.sections.first { table.contains($0.address + 16) } })
    #expect(main.name == ".text" || main.length > 0)
    try fuzz(program, seed: 33)
  }
}
