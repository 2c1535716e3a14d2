import Foundation
import Model
import Testing

@testable import Targets

@Suite struct ELFTests {
  private static let source = """
    #include <stdio.h>
    int a_symbol_of_mine(void) { return 7; }
    const char *signature = "a signature of mine";
    int main(void) { return puts(signature) < 0 ? a_symbol_of_mine() : 0; }

    """

  /// Compiles the source with further arguments.
  private func compile(_ arguments: [String], in folder: String, as name: String) async throws -> ELFFile {
    try Files.write(Self.source, to: folder + "/source.c")
    try await ToolRunner.require(
      ["gcc", "source.c", "-o", name] + arguments, doing: "compiling the test program", in: folder)
    return try ELFFile(path: "\(folder)/\(name)")
  }

  @Test func `a dynamic program names its linker and its libraries`() async throws {
    try await Workspace.temporary { folder in
      let file = try await compile([], in: folder, as: "dynamic")
      #expect(!file.isStatic)
      #expect(file.libc == .glibc)
      #expect(file.needed == ["libc.so.6"])
      #expect(file.machine == Toolchains.machine)
      #expect(file.is64Bit == (Int.bitWidth == 64))
      #expect(try file.defined(among: ["a_symbol_of_mine", "puts", "absent"]) == ["a_symbol_of_mine"])
      #expect(try !file.exports("a_symbol_of_mine"))
    }
  }

  @Test func `static programs are static, position-independent ones too`() async throws {
    try await Workspace.temporary { folder in
      for flag in ["-static", "-static-pie"] {
        let file = try await compile([flag], in: folder, as: "static")
        #expect(file.isStatic, "\(flag)")
        #expect(file.libc == nil && file.needed.isEmpty, "\(flag)")
        #expect(try file.defined(among: ["a_symbol_of_mine"]).count == 1, "\(flag)")
      }
    }
  }

  @Test func `a stripped program keeps its bytes and loses its symbols`() async throws {
    try await Workspace.temporary { folder in
      let file = try await compile(["-s", "-static"], in: folder, as: "stripped")
      #expect(try file.defined(among: ["a_symbol_of_mine"]) == [])
      let wanted = ["absent from it", "a signature of mine\0"].map { Array($0.utf8) }
      #expect(try file.signatures(among: wanted) == [1])
    }
  }

  @Test func `a shared library exports what it defines`() async throws {
    try await Workspace.temporary { folder in
      let file = try await compile(["-shared", "-fPIC"], in: folder, as: "library.so")
      #expect(file.isSharedObject && file.interpreter == nil)
      #expect(try file.exports("a_symbol_of_mine"))
      #expect(try !file.exports("puts"))
    }
  }

  @Test func `what is not ELF is refused with the reason`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("#!/bin/sh\n", to: folder + "/script")
      try Files.write("", to: folder + "/empty")
      for name in ["script", "empty"] {
        #expect(throws: TargetsError.notELF(path: "\(folder)/\(name)", problem: "is not an ELF file")) {
          try ELFFile(path: "\(folder)/\(name)")
        }
      }
      #expect(throws: TargetsError.self) { try ELFFile(path: folder + "/absent") }
    }
  }

  @Test func `a 32-bit big-endian header is read in its own order`() async throws {
    // Elf32_Ehdr of a program for machine 20 (PowerPC) with one PT_INTERP.
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 2, 1] + [UInt8](repeating: 0, count: 9)
    bytes += [0, 2, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 52, 0, 0, 0, 0, 0, 0, 0, 0]
    bytes += [0, 52, 0, 32, 0, 1, 0, 40, 0, 0, 0, 0]
    bytes +=
      [0, 0, 0, 3, 0, 0, 0, 84] + [UInt8](repeating: 0, count: 8) + [0, 0, 0, 12]
      + [UInt8](repeating: 0, count: 12)
    bytes += Array("/lib/ld.so.1".utf8)
    try await Workspace.temporary { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/powerpc"))
      let file = try ELFFile(path: folder + "/powerpc")
      #expect(!file.is64Bit && !file.isLittleEndian)
      #expect(file.machine == "machine 20")
      #expect(file.interpreter == "/lib/ld.so.1")
    }
  }

  /// Reads everything there is to read; whatever is wrong must come as an error of ours.
  private func readAll(_ path: String) throws(TargetsError) -> Int {
    let file = try ELFFile(path: path)
    let symbols = try file.defined(among: ["a_symbol_of_mine", "malloc"])
    let signatures = try file.signatures(among: [Array("a signature of mine".utf8)])
    return symbols.count + signatures.count + (try file.exports("malloc") ? 1 : 0)
  }

  @Test func `truncated files end in errors, never beyond the end`() async throws {
    try await Workspace.temporary { folder in
      let original = try await compile(["-s"], in: folder, as: "whole")
      let bytes = try Files.read(original.path)
      var refused = 0
      for length in stride(from: 0, to: bytes.count, by: 61) {
        try Data(bytes[..<length]).write(to: URL(fileURLWithPath: folder + "/cut"))
        do {
          _ = try readAll(folder + "/cut")
        } catch {
          refused += 1
        }
      }
      // The section headers stand at the end, so no shorter file is whole.
      #expect(refused == (bytes.count + 60) / 61)
    }
  }

  @Test func `flipped bits end in errors or in values, never in a crash`() async throws {
    try await Workspace.temporary { folder in
      let original = try await compile([], in: folder, as: "whole")
      let bytes = try Files.read(original.path)
      var random = SeededGenerator(state: 20_260_101)
      var refused = 0
      for _ in 0..<600 {
        var damaged = bytes
        for _ in 0..<3 {
          // Headers are where damage matters; the rest is code.
          let place = Int(random.next() % UInt64(random.next() % 2 == 0 ? 64 : min(1024, bytes.count)))
          damaged[place] ^= UInt8(1 << (random.next() % 8))
        }
        try Data(damaged).write(to: URL(fileURLWithPath: folder + "/damaged"))
        do {
          _ = try readAll(folder + "/damaged")
        } catch {
          refused += 1
        }
      }
      #expect(refused > 0 && refused < 600)
    }
  }
}

/// splitmix64 with a fixed seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
