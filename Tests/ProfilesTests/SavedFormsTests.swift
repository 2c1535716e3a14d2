import Foundation
import Model
import Testing

@testable import Profiles

/// Profiles as people have them: saved from servers, mailed, packed, cut.
@Suite struct SavedFormsTests {
  private func live(_ raw: RawHeapProfile, _ column: String = "live_bytes") throws -> Double {
    let index = try #require(raw.columns.firstIndex { $0.name == column })
    return raw.samples.reduce(0) { $0 + $1.values[index] }
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try HeapProfileReader.read(bytes, file: "x")
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [("go-heap-debug1.txt", 74.805_930_454), ("go-heap-stripped.txt", 67.147_894_442)])
  func `Go's text is scaled by half of the number in its head, as google's pprof does`(
    name: String, mebibytes: Double
  ) throws {
    let raw = try HeapProfileReader.read(Sample.recorded(name), file: name)
    #expect(raw.format == .goText && raw.columns.allSatisfy { $0.provenance == .sampled })
    #expect(abs(try live(raw) / 1_048_576 - mebibytes) < 1e-6)
  }

  @Test(.enabled(if: GoTool.isThere, "Go is not installed: Scripts/bootstrap --full"))
  func `go tool pprof has the same sums of Go's text`() throws {
    for name in ["go-heap-debug1.txt", "go-heap-stripped.txt"] {
      let bytes = try Sample.recorded(name)
      let top = try GoTool.pprof(["-top", "-unit=bytes", "-sample_index=inuse_space"], of: bytes)
      let line = try #require(top.split(separator: "\n").first { $0.contains("accounting for") }, "\(top)")
      let number = try #require(line.firstMatch(of: /accounting for (\d+)B/)).output.1
      // pprof cuts each stack's value to a whole number.
      #expect(abs(try live(HeapProfileReader.read(bytes, file: name)) - (Double(number) ?? 0)) < 64)
    }
  }

  @Test func `Go's lines of symbols name the stacks, and the runtime's places before them allocate`() throws {
    let profile = try HeapProfileReader.read(Sample.recorded("go-heap-debug1.txt"), file: "go").resolve(
      title: "go")
    let stacks = profile.samples.map { $0.stack.map { profile.frames[$0] } }
    #expect(!stacks.joined().contains { $0.role == .unknown })
    let large = try #require(stacks.first { $0.contains { $0.function == "main.large" } })
    #expect(large.first { $0.role != .allocator }?.function == "main.large")
    #expect(large.map(\.function).suffix(3) == ["main.large", "main.main", "runtime.main"])
    #expect(large.first { $0.function == "main.large" }?.sourceFile == "/srv/app/main.go")
    #expect(large.first { $0.function == "main.large" }?.line == 22)
  }

  @Test func `any text form may have a byte order mark, carriage returns, a preface, or be packed`() throws {
    let whole = try Sample.recorded("jemalloc-keeper.heap")
    let text = String(decoding: whole, as: UTF8.self)
    let expected = try HeapProfileReader.read(whole, file: "x")
    let preface = "<jemalloc>: Leak approximation summary: ~30973151 bytes\n<jemalloc>: Run jeprof\n"
    let forms: [[UInt8]] = [
      [0xEF, 0xBB, 0xBF] + whole, [UInt8](text.replacing("\n", with: "\r\n").utf8),
      [UInt8]((preface + text).utf8), try Gzip.compress(whole),
      try Gzip.compress([0xEF, 0xBB, 0xBF] + [UInt8](text.replacing("\n", with: "\r\n").utf8)),
      [UInt8](text.replacing("heap_v2/", with: "heapz_v2/").utf8),
      // Threads with names.
      [UInt8](text.replacing(/(  t\d+: .*)\n/) { "\($0.output.1) worker 7\n" }.utf8),
    ]
    for form in forms { #expect(try HeapProfileReader.read(form, file: "x") == expected) }
    let go = try Sample.recorded("go-heap-debug1.txt")
    let crlf = [UInt8](String(decoding: go, as: UTF8.self).replacing("\n", with: "\r\n").utf8)
    #expect(
      try HeapProfileReader.read(Gzip.compress(crlf), file: "x") == HeapProfileReader.read(go, file: "x"))
  }

  @Test func `a table of symbols before the profile names its places`() throws {
    let whole = try HeapProfileReader.read(Sample.recorded("jemalloc-keeper.heap"), file: "x")
    let first = whole.places[whole.samples[0].stack[0]].address
    let second = whole.places[whole.samples[0].stack[1]].address
    let symbols = """
      --- symbol
      binary=./keeper
      0x\(String(first, radix: 16)) std::vector<int>::operator--(int)<00000000000011f2>
      0x\(String(second, radix: 16)) main--inlined@@VERSION_1
      ---
      --- heap

      """
    let bytes = [UInt8](symbols.utf8) + (try Sample.recorded("jemalloc-keeper.heap"))
    let raw = try HeapProfileReader.read(bytes, file: "raw")
    #expect(try live(raw) == live(whole))
    let names = raw.samples[0].stack.prefix(2).map { raw.places[$0].frames.map(\.function) }
    #expect(names == [["std::vector<int>::operator--(int)"], ["inlined", "main"]])
    // With names no list of mapped files is needed.
    let text = String(decoding: bytes, as: UTF8.self)
    let end = try #require(text.firstRange(of: "\nMAPPED_LIBRARIES"))
    let unmapped = try HeapProfileReader.read([UInt8](text[..<end.lowerBound].utf8) + [10], file: "raw")
    #expect(try live(unmapped) == live(whole))
    // jeprof --raw of a local file writes the table only.
    #expect(refusal([UInt8](symbols.utf8)).contains("before any profile"))
  }

  @Test(arguments: [
    "jemalloc-keeper.heap", "jemalloc-accumulated.heap", "gperftools-keeper.heap", "gperftools-sampled.heap",
    "go-heap-debug1.txt", "go-heap-stripped.txt", "go-keeper.pb.gz",
  ])
  func `a file that was cut anywhere is refused, or no figure is missing`(name: String) throws {
    let whole = try Sample.recorded(name)
    let expected = try HeapProfileReader.read(whole, file: "x")
    var refused = 0
    for length in stride(from: 1, to: whole.count, by: 7) {
      guard let raw = try? HeapProfileReader.read(Array(whole[..<length]), file: "x") else {
        refused += 1
        continue
      }
      #expect(raw.samples.map(\.values) == expected.samples.map(\.values), "cut at \(length)")
    }
    #expect(refused > 50)
    if name.hasSuffix(".gz") {
      let plain = try Gzip.expand(whole, limit: 1 << 24)
      for length in stride(from: 1, to: plain.count, by: 3) {
        guard let raw = try? HeapProfileReader.read(Array(plain[..<length]), file: "x") else { continue }
        #expect(raw.samples.count == expected.samples.count, "cut at \(length)")
      }
    } else {
      let packed = try Gzip.compress(whole)
      let half = Array(packed[..<(packed.count / 2)])
      #expect(throws: ProfilesError.self) { try HeapProfileReader.read(half, file: "x") }
    }
  }

  @Test(arguments: [
    ("--- contention:\ncycles/second=2400000000\n", "a contention profile"),
    ("--- mutex:\ncycles/second=2400000000\n", "a mutex profile"),
    ("goroutine profile: total 4\n1 @ 0x1\n", "a goroutine profile"),
    ("goroutine 1 [running]:\nmain.main()\n", "a dump of all goroutines"),
    ("threadcreate profile: total 8\n", "created threads"),
    ("\u{FEFF}--- mutex:\n", "a mutex profile"),
    ("desc: (none)\ncmd: ls\n", "massif"), ("# callgrind format\n", "callgrind"),
    ("go 1.22 trace\u{0}\u{0}", "an execution trace"), ("PERFILE2", "perf's recording"),
    ("\u{7F}ELF\u{2}\u{1}", "a program"), ("--- symbol\n---\n--- profile\nx\n", "no known kind"),
  ])
  func `what is no heap profile is called what it is`(text: String, name: String) {
    let message = refusal([UInt8](text.utf8))
    #expect(message.contains(name), "\(message)")
    #expect(message.hasPrefix("x: "))
  }

  @Test func `gperftools' CPU profile is refused by name`() {
    for size in [8, 4] {
      let words: [UInt8] = [0, 3, 0, 100, 0, 1, 2]
      let bytes = words.flatMap { [$0] + [UInt8](repeating: 0, count: size - 1) }
      #expect(refusal(bytes).contains("a CPU profile of gperftools"))
    }
  }

  @Test func `pprof files are named by what they hold`() {
    func kind(_ names: [String]) -> ProfileKind {
      ProfileKind(
        names.map { .init(name: $0, unit: .count, provenance: .sampled, explanation: "") })
    }
    #expect(kind(["live_objects", "live_bytes"]) == .heap)
    #expect(kind(["samples", "cpu"]) == .cpu)
    #expect(kind(["contentions", "delay"]) == .contention)
    #expect(kind(["goroutine"]) == .goroutines)
    #expect(kind(["events"]) == .other)
  }
}
