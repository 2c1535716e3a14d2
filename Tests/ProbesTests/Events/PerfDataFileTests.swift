import Foundation
import Model
import Testing
import TestSupport

@testable import Probes

/// Recordings that perf wrote, here and on other machines.
@Suite struct PerfDataFileTests {
  /// Real samples of hardware lie beside the checkout, not in it.
  private static let recordings: URL = {
    if let named = ProcessInfo.processInfo.environment["HEAPSCALE_RECORDINGS"] { return URL(filePath: named) }
    return HeapscaleRoot.folder.appending(path: "../shared/recordings").standardizedFileURL
  }()

  private enum HeapscaleRoot {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
      .standardizedFileURL
  }

  private static let skylake = recordings.appending(path: "skx-ldlat64-weight_struct.perf.data").path
  private static let hasRecordings = FileManager.default.fileExists(atPath: skylake)
  private static let perf: String? = ["/usr/bin/perf"].first { access($0, X_OK) == 0 }

  private static func samples(_ recording: EventRecording) -> [EventSample] {
    recording.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
  }

  /// A line of `perf script`: `20132/20144 [028] 13166.196585: ADDRESS DATASRC |OP …|… WEIGHT IP`.
  private struct Line {
    var pid: Int32
    var tid: Int32
    var cpu: UInt32
    var microseconds: UInt64
    var address: UInt64
    var source: UInt64
    var weight: UInt64
    var instruction: UInt64

    init?(_ line: Substring) {
      let words = line.split(separator: " ")
      guard words.count > 6 else { return nil }
      let ids = words[0].split(separator: "/").compactMap { Int32($0) }
      let seconds = words[2].dropLast().split(separator: ".").compactMap { UInt64($0) }
      guard ids.count == 2, seconds.count == 2, let cpu = UInt32(words[1].dropFirst().dropLast()),
        let address = UInt64(words[3], radix: 16), let source = UInt64(words[4], radix: 16),
        let weight = UInt64(words[words.count - 2]),
        let instruction = UInt64(words[words.count - 1], radix: 16)
      else { return nil }
      (pid, tid, self.cpu, self.address, self.source) = (ids[0], ids[1], cpu, address, source)
      (self.weight, self.instruction, microseconds) = (
        weight, instruction, seconds[0] * 1_000_000 + seconds[1]
      )
    }
  }

  @Test(.enabled(if: hasRecordings, "../shared/recordings is not beside the checkout"))
  func `a Skylake's samples are what perf says they are`() throws {
    let file = try PerfDataFile(path: Self.skylake)
    #expect(file.events.count == 2)
    let samples = Self.samples(try file.recording())
    let text = try String(
      contentsOf: Self.recordings.appending(path: "skx-ldlat64-weight_struct.perf-script.txt"),
      encoding: .utf8)
    let lines = text.split(separator: "\n").compactMap(Line.init)
    #expect(lines.count == 14 && samples.count == 14)
    for (sample, line) in zip(samples, lines) {
      #expect(sample.pid == line.pid && sample.tid == line.tid && sample.cpu == line.cpu)
      #expect((sample.time + 500) / 1000 == line.microseconds || sample.time / 1000 == line.microseconds)
      #expect(sample.address == line.address && sample.instruction == line.instruction)
      #expect(sample.dataSource == line.source)
      #expect(sample.weight == line.weight)
      #expect(sample.period == 10_009)
    }
    #expect(Set(samples.map(\.event)).count == 1)
  }

  @Test(.enabled(if: hasRecordings, "../shared/recordings is not beside the checkout"))
  func `a damaged recording is read as far as it goes, or refused`() throws {
    let whole = try [UInt8](Data(contentsOf: URL(filePath: Self.skylake)))
    let copy = NSTemporaryDirectory() + "heapscale-perf-data-\(getpid())"
    defer { unlink(copy) }
    var mutator = Mutator(seed: 91, words: ["PERFILE2"])
    var understood = 0
    for _ in 0..<Mutator.rounds {
      try Data(mutator.damaged(whole)).write(to: URL(filePath: copy))
      guard let file = try? PerfDataFile(path: copy), let recording = try? file.recording() else { continue }
      for case .sample(let sample) in recording { understood += sample.address == nil ? 0 : 1 }
    }
    #expect(understood > 0)
  }

  @Test func `what is no recording of this order of bytes is refused with the reason`() throws {
    let path = NSTemporaryDirectory() + "heapscale-perf-data-refused-\(getpid())"
    defer { unlink(path) }
    for (head, reason) in [
      ("2ELIFREP", "other order of bytes"), ("PERFFILE", "of today"),
      ("PERFILE2\u{10}\0\0\0\0\0\0\0", "to a pipe"), ("PERFILE2\u{68}\0\0\0\0\0\0\0", "cut short"),
    ] {
      try Data(head.utf8).write(to: URL(filePath: path))
      #expect(PerfDataFile.isOne(path))
      let error = #expect(throws: ProbeError.self) { try PerfDataFile(path: path) }
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
    #expect(!PerfDataFile.isOne("/etc/passwd"))
  }

  private static func record(_ options: [String], _ program: String, to output: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(perf))
    process.arguments = ["record", "-q"] + options + ["-o", output, program]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// What cannot be told right is not told: perf's own defaults sample by frequency, and without addresses.
  @Test(
    .enabled(if: perf != nil, "perf is not installed"),
    arguments: [
      (["-e", "page-faults", "-d", "-g"], "by frequency"),
      (["-c", "1", "-e", "page-faults", "-g"], "no address"),
      (["-e", "cpu-clock"], "tables are made of"),
    ])
  func `samples that make no right table are listed with the reason`(options: [String], reason: String) throws
  {
    let output = FileManager.default.temporaryDirectory.appending(path: "perf-\(UUID().uuidString).data").path
    defer { unlink(output) }
    try Self.record(options, try toucher(), to: output)
    let file = try PerfDataFile(path: output)
    #expect(file.missing.count == 1 && file.missing[0].reason.contains(reason), "\(file.missing)")
    #expect(file.missing.allSatisfy { $0.remedy != nil })
    let recording = try file.recording()
    var analysis = RecordingAnalysis(
      recording, resolver: StackResolver(mode: .framePointers, mappings: []), pageBytes: 4096)
    let result = analysis.run()
    #expect(recording.sampleCount > 0 && result.growth == nil && result.accesses == nil)
    // perf that was killed leaves a head that knows of no records.
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: output)))
    for index in 48..<56 { bytes[index] = 0 }
    try Data(bytes).write(to: URL(filePath: output))
    let error = #expect(throws: ProbeError.self) { try PerfDataFile(path: output) }
    #expect(error?.description.contains("perf was killed") == true)
  }

  @Test(.enabled(if: perf != nil, "perf is not installed"))
  func `page faults that perf records are those that are sampled here`() throws {
    let program = try toucher()
    let folder = FileManager.default.temporaryDirectory.appending(path: "perf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "perf.data").path
    try Self.record(["-c", "1", "-m", "4M", "-e", "page-faults", "-d", "-g"], program, to: output)
    let file = try PerfDataFile(path: output)
    #expect(file.events.map(\.event.name) == ["page-faults"])
    #expect(file.commandLine.contains(program))
    let recording = try file.recording()
    let inside = Self.samples(recording).filter { ($0.address ?? 0) >> 26 == 0x2000_0000_0000 >> 26 }
    #expect(UInt64(inside.count) + recording.lost.total >= 16_384)
    #expect(Set(inside.compactMap(\.address)).count == inside.count)
    // The same by call site, with names from the file that was mapped.
    var analysis = RecordingAnalysis(
      recording, resolver: StackResolver(mode: .framePointers, mappings: Self.mappings(recording, file)),
      pageBytes: 4096)
    let growth = try #require(analysis.run().growth)
    let own = growth.samples.filter { sample in
      sample.stack.contains { growth.frames[$0].function == "touch" }
    }
    #expect(own.reduce(0) { $0 + $1.values[0] } == Double(inside.count * 4096))
  }

  private static func mappings(_ recording: EventRecording, _ file: PerfDataFile) -> [StatedMapping] {
    recording.compactMap {
      if case .mapped(let region) = $0 {
        StatedMapping(region: region, buildID: file.buildIDs[region.path])
      } else {
        nil
      }
    }
  }
}
