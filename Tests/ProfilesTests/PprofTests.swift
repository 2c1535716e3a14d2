import Model
import Testing

@testable import Profiles

@Suite struct PprofTests {
  @Test func `what is written reads back with its stacks, values, lines and files`() throws {
    for profile in [Sample.small, Sample.hostile] {
      let raw = try PprofReader.read(PprofWriter.bytes(profile), file: "own")
      let again = raw.resolve(title: profile.title)
      #expect(raw.isResolved)
      #expect(again.totals == profile.totals)
      #expect(again.columns.map(\.name) == profile.columns.map(\.name))
      #expect(again.columns.map(\.unit) == profile.columns.map(\.unit))
      for (sample, expected) in zip(again.samples, profile.samples) {
        let names = sample.stack.map { again.frames[$0].function }
        #expect(names == expected.stack.map { name(profile.frames[$0].function) })
        #expect(sample.values == expected.values)
      }
      let places = again.frames.map { [$0.object, $0.sourceFile ?? "", "\($0.line ?? 0)"] }
      #expect(places == profile.frames.map { [$0.object, $0.sourceFile ?? "", "\($0.line ?? 0)"] })
    }
  }

  private func name(_ function: String) -> String { function.isEmpty ? "[unknown]" : function }

  @Test func `time, duration, period and comments are those that were given`() throws {
    let details = PprofDetails(
      startedAt: 1_767_323_045.5, duration: 2.25,
      period: .init(event: "page-faults", unit: "count", count: 100), comments: ["heapscale 1.0"],
      defaultColumn: "faults")
    let bytes = try PprofWriter.bytes(Sample.small, details: details)
    let wire = try WireProfile(serializedBytes: Gzip.expand(bytes, limit: 1 << 20))
    #expect(wire.timeNanos == 1_767_323_045_500_000_000 && wire.durationNanos == 2_250_000_000)
    #expect(wire.period == 100 && wire.stringTable[Int(wire.periodType.type)] == "page-faults")
    #expect(wire.stringTable[Int(wire.defaultSampleType)] == "faults")
    let comments = wire.comment.map { wire.stringTable[Int($0)] }
    #expect(comments.first == Sample.small.title && comments.last == "heapscale 1.0")
    #expect(comments.contains { $0.hasPrefix("resident (sampled)") })
  }

  @Test func `the program's own file is the first mapping, as pprof expects`() throws {
    let raw = try PprofReader.read(PprofWriter.bytes(Sample.small), file: "own")
    #expect(raw.mappings.map(\.file) == ["/usr/bin/app", "/lib/libc.so.6"])
  }

  @Test func `a Go heap profile gives the columns of heap profiles`() throws {
    let raw = try HeapProfileReader.read(Sample.recorded("go-keeper.pb.gz"), file: "go-keeper.pb.gz")
    #expect(raw.format == .pprof && raw.isResolved)
    #expect(
      raw.columns.map(\.name) == ["allocated_objects", "allocated_bytes", "live_objects", "live_bytes"])
    #expect(raw.columns.allSatisfy { $0.provenance == .sampled && $0.explanation.contains("4096 bytes") })
    let profile = raw.resolve(title: "go")
    let retain = try #require(profile.samples.max { $0.values[3] < $1.values[3] })
    #expect(retain.stack.map { profile.frames[$0].function } == ["main.retain", "main.main", "runtime.main"])
    // 2000 blocks of 1 KiB were kept, sampled at one in 4 KiB.
    #expect(abs(retain.values[3] / 2_048_000 - 1) < 0.2)
  }

  @Test func `indices and ids that lead nowhere are named`() throws {
    func failure(_ change: (inout WireProfile) -> Void) throws -> String {
      let bytes = try PprofWriter.bytes(Sample.small)
      var wire = try WireProfile(serializedBytes: Gzip.expand(bytes, limit: 1 << 20))
      change(&wire)
      let damaged: [UInt8] = try wire.serializedBytes()
      let error = #expect(throws: ProfilesError.self) { try PprofReader.read(damaged, file: "x.pb") }
      return error?.description ?? ""
    }
    #expect(try failure { $0.sample[0].locationID[0] = 99 }.contains("x.pb: a sample names location 99"))
    #expect(try failure { $0.location[0].mappingID = 77 }.contains("names mapping 77"))
    #expect(try failure { $0.location[0].line[0].functionID = 55 }.contains("names function 55"))
    #expect(try failure { $0.function[0].name = -1 }.contains("a text with the number -1"))
    #expect(try failure { $0.sample[1].value = [1] }.contains("a sample has 1 values where there are 2"))
    #expect(try failure { $0.sampleType = [] }.contains("no sample types"))
    #expect(try failure { $0.stringTable = [] }.contains("table of texts"))
  }

  @Test func `a small file that expands without end is refused`() throws {
    let bomb = try Gzip.compress([UInt8](repeating: 0, count: 8 << 20))
    #expect(bomb.count < 16 << 10)
    let limits = PprofReader.Limits(bytes: 1 << 20)
    #expect(throws: ProfilesError.tooLarge(file: "bomb", limit: "1048576 bytes")) {
      try PprofReader.read(bomb, file: "bomb", limits: limits)
    }
    // Two bytes for each empty sample: few bytes, many objects.
    let many = [UInt8]((0..<5000).flatMap { _ in [0x12, 0x00] as [UInt8] })
    #expect(throws: ProfilesError.tooLarge(file: "many", limit: "1000 entries")) {
      try PprofReader.read(many, file: "many", limits: .init(entries: 1000))
    }
  }

  @Test func `streams behind each other are one file, and a cut one says so`() throws {
    let one = try Gzip.compress([1, 2, 3])
    #expect(try Gzip.expand(one + one, limit: 6) == [1, 2, 3, 1, 2, 3])
    let error = #expect(throws: ProfilesError.self) {
      try PprofReader.read([UInt8](one.dropLast(4)), file: "cut")
    }
    #expect(error?.description.contains("ends too early") == true)
  }
}
