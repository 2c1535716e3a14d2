import Foundation
import Model
import Testing

@testable import Profiles

/// Profiles merged, subtracted, folded and written.
@Suite struct ProfileAlgebraTests {
  private static let heapColumns = [
    StackProfile.Column(name: "live_objects", unit: .count, provenance: .sampled, explanation: "objects"),
    StackProfile.Column(name: "live_bytes", unit: .bytes, provenance: .sampled, explanation: "bytes"),
  ]

  private static func heap(_ sites: [(String, Double)], folder: String = "/a", line: Int = 1) -> StackProfile
  {
    var builder = StackProfileBuilder(title: "heap", columns: heapColumns)
    let main = Frame(function: "main", object: folder + "/app", sourceFile: "app.c", line: 99)
    let malloc = Frame(function: "malloc", object: "/lib/libjemalloc.so.2", role: .allocator)
    for (name, bytes) in sites {
      let site = Frame(function: name, object: folder + "/app", sourceFile: "app.c", line: line)
      builder.add([malloc, site, main], values: [1, bytes])
    }
    return builder.finished()
  }

  private func sums(_ profile: StackProfile, _ column: String) throws -> [String: Double] {
    let index = try #require(profile.columns.firstIndex { $0.name == column })
    var result: [String: Double] = [:]
    for sample in profile.samples {
      let name = profile.frames[sample.stack[1]].function
      result[name, default: 0] += sample.values[index]
    }
    return result
  }

  @Test func `a difference has the change, what was before and what is now`() throws {
    let before = Self.heap([("grows", 100), ("shrinks", 50), ("stays", 7)])
    let after = Self.heap([("grows", 140), ("stays", 7), ("new", 3)], folder: "/b", line: 2)
    let difference = try ProfileDifference.between(before, after, title: "d")
    #expect(try sums(difference, "live_bytes") == ["grows": 40, "shrinks": -50, "stays": 0, "new": 3])
    #expect(try sums(difference, "live_bytes_before") == ["grows": 100, "shrinks": 50, "stays": 7, "new": 0])
    #expect(try sums(difference, "live_bytes_after")["shrinks"] == 0)
    #expect(difference.columns.first { $0.name == "live_bytes" }?.baseColumn == "live_bytes_before")
  }

  @Test func `a profile has no difference from itself, whatever the order of its stacks`() throws {
    let parts = (0..<50).map { ("site\($0 % 5)", Double($0) * 1.1 + 0.3) }
    let difference = try ProfileDifference.between(
      Self.heap(parts), Self.heap(parts.reversed()), title: "d")
    #expect(try sums(difference, "live_bytes").values.allSatisfy { $0 == 0 })
  }

  @Test func `profiles without a common column are not subtracted`() {
    #expect(throws: ProfilesError.self) {
      try ProfileDifference.between(Self.heap([("f", 1)]), Sample.small, title: "d")
    }
  }

  @Test func `collapsed stacks of a difference have both values, for differential flame graphs`() throws {
    let difference = try ProfileDifference.between(
      Self.heap([("grows", 100)]), Self.heap([("grows", 140), ("new", 5)]), title: "d")
    let lines = Set(
      try #require(CollapsedStacks.text(difference, column: "live_bytes")).split(separator: "\n").map(
        String.init))
    #expect(lines == ["main;grows;[allocator] 100 140", "main;new;[allocator] 0 5"])
  }

  @Test func `stacks of a heap begin at their call sites in files of stacks`() throws {
    let heap = Self.heap([("load", 9)])
    let written = heap.beginningAtCallSites
    #expect(CollapsedStacks.text(written, column: "live_bytes") == "main;load 9\n")
    #expect(written.totals == heap.totals && written.columns == heap.columns)
    // What only the allocator itself did stays its own.
    var builder = StackProfileBuilder(title: "t", columns: heap.columns)
    builder.add([Frame(function: "arena_new", object: "", role: .allocator)], values: [1, 2])
    #expect(builder.finished().beginningAtCallSites.samples.count == 1)
    #expect(builder.finished().beginningAtCallSites.frames.count == 1)
  }

  @Test func `growth and heap are columns of one file`() throws {
    let merged = try #require(
      ProfileMerge.merged([Sample.small, Self.heap([("f", 9)]), Self.heap([("f", 1)])], title: "all"))
    #expect(merged.columns.map(\.name) == ["resident", "faults", "live_objects", "live_bytes"])
    #expect(merged.totals == [77_824, 19, 2, 10])
    #expect(merged.notes.contains("live_bytes is the sum of 2 profiles"))
  }

  @Test func `folded functions are the allocator's, and who called them is the call site`() throws {
    var builder = StackProfileBuilder(title: "py", columns: Self.heapColumns)
    let object = "/usr/bin/python3"
    func frame(_ name: String) -> Frame { Frame(function: name, object: object) }
    builder.add(
      ["new_arena.isra.0", "pymalloc_alloc", "_PyObject_Malloc", "PyUnicode_New", "main"].map(frame),
      values: [1, 64])
    // A collection inside an allocation runs the program's code: that allocates on its own.
    builder.add(["PyMem_Malloc", "finalize", "_PyObject_GC_New", "main"].map(frame), values: [1, 8])
    let folding = try FrameFolding(patterns: [], lists: ["python"])
    let folded = folding.apply(to: builder.finished())
    let sites = folded.samples.map { sample in
      sample.stack.map { folded.frames[$0] }.first { $0.role != .allocator }?.function
    }
    #expect(sites == ["PyUnicode_New", "finalize"])
    let own = try FrameFolding(patterns: ["^PyUnicode_", "Object_Malloc$"]).apply(to: builder.finished())
    #expect(
      own.samples[0].stack.map { own.frames[$0] }.first { $0.role != .allocator }?.function == "main")
  }

  @Test func `bad patterns and lists are refused with what is known`() {
    let pattern = #expect(throws: InputError.self) { try FrameFolding(patterns: ["("]) }
    #expect(pattern?.description.contains("--fold '('") == true)
    let list = #expect(throws: InputError.self) { try FrameFolding(patterns: [], lists: ["pyhton"]) }
    #expect(list?.description.contains("did you mean 'python'") == true)
  }

  @Test func `every known list is a regular expression`() throws {
    for list in KnownAllocators.lists { _ = try FrameFolding(patterns: [], lists: [list.name]) }
  }

  @Test func `lines of assembler source are one place`() {
    var builder = StackProfileBuilder(title: "t", columns: Sample.columns)
    for line in [265, 301, 417] {
      let copy = Frame(
        function: "__memmove_avx_unaligned_erms", object: "/lib/libc.so.6",
        sourceFile: "../sysdeps/x86_64/multiarch/memmove-vec-unaligned-erms.S", line: line)
      builder.add([copy, Sample.small.frames[0]], values: [1, 1])
    }
    let profile = builder.finished()
    #expect(profile.samples.count == 1 && profile.samples[0].values == [3, 3])
    #expect(profile.frames.contains { $0.line == 40 || $0.line == 12 })
  }

  @Test func `functions of a file join those measured only where its program is known to be the same`() throws
  {
    var measured = StackProfileBuilder(title: "m", columns: Sample.columns)
    measured.add([Frame(function: "main", object: "/usr/bin/app")], values: [1, 1])
    func table(_ object: String, verified: [String]) -> FunctionTable {
      var heap = StackProfileBuilder(title: "h", columns: Self.heapColumns)
      heap.add([Frame(function: "main", object: object)], values: [1, 2])
      var profile = heap.finished()
      profile.source = .init(file: "x.heap", verified: verified)
      var join = FunctionJoin(title: "t")
      join.add(measured.finished(), charge: .caller)
      join.add(profile, charge: .caller)
      return join.finished()
    }
    #expect(table("/usr/bin/app", verified: ["/usr/bin/app"]).rows.count == 1)
    #expect(table("/usr/bin/app", verified: []).rows.count == 2)
    #expect(table("/home/me/app", verified: ["/home/me/app"]).rows.count == 2)
    #expect(table("", verified: []).rows.count == 2)
  }

  @Test func `sample types, labels and period come back from pprof as they were`() throws {
    var builder = StackProfileBuilder(title: "heap", columns: Self.heapColumns)
    let labels: [StackProfile.Label] = [
      .init(key: "handler", text: "/index"), .init(key: "bytes", number: 4096, unit: "bytes"),
    ]
    builder.add([Frame(function: "f", object: "/app")], values: [1, 4096], labels: labels)
    builder.add([Frame(function: "f", object: "/app")], values: [2, 10])
    var profile = builder.finished()
    profile.period = .init(event: "space", unit: "bytes", count: 524_288)
    let bytes = try PprofWriter.bytes(profile)
    let raw = try HeapProfileReader.read(bytes, file: "x")
    #expect(raw.columns == profile.columns)
    #expect(raw.period == profile.period)
    #expect(raw.samples.map(\.labels) == [labels, nil])
    if GoTool.isThere {
      let text = try GoTool.pprof(["-raw"], of: bytes)
      #expect(text.contains("inuse_objects/count") && text.contains("inuse_space/bytes"))
      #expect(text.contains("handler:[/index]") && text.contains("bytes:[4096"))
    }
  }
}
