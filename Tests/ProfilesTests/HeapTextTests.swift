import Foundation
import Model
import Testing

@testable import Profiles

@Suite struct HeapTextTests {
  private func value(_ raw: RawHeapProfile, _ column: String) throws -> [Double] {
    let index = try #require(raw.columns.firstIndex { $0.name == column })
    return raw.samples.map { $0.values[index] }
  }

  @Test func `a gperftools heap profile has every object, live and freed`() throws {
    let raw = try HeapProfileReader.read(Sample.recorded("gperftools-keeper.heap"), file: "tc.heap")
    #expect(raw.format == .gperftools && raw.notes.isEmpty)
    #expect(raw.columns.allSatisfy { $0.provenance == .counted })
    #expect(try value(raw, "live_bytes") == [8_388_608, 1_280_000, 160_000, 0])
    #expect(try value(raw, "live_objects") == [1, 20_000, 1, 0])
    #expect(try value(raw, "allocated_bytes").reduce(0, +) == 59_828_608)
    #expect(try value(raw, "allocated_objects").last == 50_000)
  }

  @Test func `addresses lie within the call, and in the file that is mapped there`() throws {
    let text = String(decoding: try Sample.recorded("gperftools-keeper.heap"), as: UTF8.self)
    let raw = try HeapProfileReader.read([UInt8](text.utf8), file: "tc.heap")
    let first = try #require(
      text.split(separator: "\n")[1].split(separator: " ").first { $0.hasPrefix("0x") })
    let inner = raw.places[raw.samples[0].stack[0]].address
    #expect(inner + 1 == UInt64(first.dropFirst(2), radix: 16))
    let mapping = try #require(raw.mapping(of: inner))
    #expect(mapping.file == "/home/user/keeper" && mapping.fileOffset == 0x1000)
  }

  @Test func `TCMalloc's sampled heap is scaled by the chance of being sampled`() throws {
    let raw = try HeapProfileReader.read(Sample.recorded("gperftools-sampled.heap"), file: "s.heap")
    #expect(raw.columns.allSatisfy { $0.provenance == .sampled })
    // go tool pprof, which reads such files too, says 54552576 bytes in all.
    #expect(abs(try value(raw, "live_bytes").reduce(0, +) / 54_552_576 - 1) < 0.001)
    let scale = 1 / (1 - exp(-4096.0 / 4_194_304))
    let index = try #require(try value(raw, "live_bytes").firstIndex { abs($0 - 4096 * scale) < 1 })
    #expect(abs(try value(raw, "live_objects")[index] - scale) < 1e-6)
  }

  @Test func `jemalloc's samples are scaled as jeprof does it`() throws {
    let raw = try HeapProfileReader.read(Sample.recorded("jemalloc-keeper.heap"), file: "je.heap")
    #expect(raw.format == .jemalloc)
    // jeprof 5.3 --show_bytes --text says of these files: in all.
    let bytes = try value(raw, "live_bytes")
    #expect(abs(bytes.reduce(0, +) - 9_922_330) < 4)
    // 312 blocks of 64 bytes, each chosen with 1.55 %.
    let small = try #require(try value(raw, "live_objects").max())
    #expect(abs(small - 312 / (1 - exp(-64.0 / 4096))) < 1e-6)
  }

  @Test func `what jemalloc did not record has no column, and the profile says how to get it`() throws {
    let raw = try HeapProfileReader.read(Sample.recorded("jemalloc-keeper.heap"), file: "je.heap")
    #expect(raw.columns.map(\.name) == ["live_objects", "live_bytes"])
    #expect(raw.notes.contains { $0.contains("prof_accum:true") })
    let accumulated = try HeapProfileReader.read(
      Sample.recorded("jemalloc-accumulated.heap"), file: "je.heap")
    #expect(accumulated.columns.count == 4 && accumulated.notes.isEmpty)
    #expect(abs(try value(accumulated, "allocated_bytes").reduce(0, +) - 61_141_729) < 4)
    // 50,000 blocks of 1000 bytes are 1024 bytes each for jemalloc.
    let allocated = try #require(try value(accumulated, "allocated_bytes").max())
    #expect(abs(allocated / 51_200_000 - 1) < 0.05)
  }

  @Test func `a symbolizer names each place once`() throws {
    let raw = try HeapProfileReader.read(Sample.recorded("gperftools-keeper.heap"), file: "tc.heap")
    var asked: [UInt64] = []
    let profile = raw.resolve(title: "heap") { address, mappings in
      asked.append(address)
      #expect(mappings == raw.mappings)
      return address == raw.places[0].address
        ? [Frame(function: "inlined", object: "keeper"), Frame(function: "big_block", object: "keeper")] : []
    }
    #expect(asked.count == Set(asked).count && asked.count == raw.places.count)
    #expect(
      profile.samples[0].stack.prefix(2).map { profile.frames[$0].function } == ["inlined", "big_block"])
    let unknown = try #require(profile.frames.first { $0.role == .unknown })
    #expect(unknown.function.hasPrefix("0x") && unknown.object.hasPrefix("/"))
  }

  @Test func `small and large objects are scaled by their own chance`() {
    let sampling = HeapSampling.poisson(rate: 524_288)
    #expect(abs(sampling.scale(objects: 10, bytes: 80) - 65_536.5) < 0.1)
    #expect(abs(sampling.scale(objects: 1, bytes: 524_288) - 1.581_976_7) < 1e-6)
    #expect(sampling.scale(objects: 1, bytes: 1_073_741_824) == 1)
    #expect(HeapSampling.all.scale(objects: 5, bytes: 1) == 1)
  }

  @Test(arguments: [
    ("heap profile: 1: 2 [3: 4] @ growthz\n", "'growthz' is no known kind"),
    ("heap profile: 1: 2 [3 4] @ heapprofile\n", "first line is no head"),
    ("heap profile: 1: 2 [1: 2] @ heapprofile\n1: 2 [1: 2] @ 0xzz\n", "line 2 is no stack"),
    ("heap profile: 1: 2 [1: 2] @ heapprofile\n99999999999999999999: 2 [1: 2] @ 0x1\n", "line 2 is no stack"),
    ("heap_v2/\n", "no mean distance"),
    ("heap_v2/524288\n@ 0x1 rubbish\n", "line 2 has something else"),
    ("heap_v2/524288\n@ 0x1\n@ 0x2\n", "before line 3 has no counts"),
    ("heap_v2/524288\n@ 0x1\n  t*: 1 2\n", "line 3 has no counts"),
  ])
  func `damage is named with its line`(text: String, reason: String) {
    let error = #expect(throws: ProfilesError.self) {
      try HeapProfileReader.read([UInt8](text.utf8), file: "x.heap")
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("x.heap: ") == true)
  }

  @Test func `a file of another kind is told what can be read`() {
    let error = #expect(throws: ProfilesError.self) {
      try HeapProfileReader.read([UInt8]("hello".utf8), file: "notes.txt")
    }
    #expect(error == .unknownFormat(file: "notes.txt"))
    #expect(error?.description.contains("pprof") == true)
  }
}
