import Foundation
import Model
import Testing
import TestSupport

@testable import Probes

/// What the kernel, valgrind, probes and sysfs say, damaged: a value or none, and never more.
@Suite struct ReaderFuzzTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func `texts of /proc`() {
    let seeds = ["maps", "smaps_rollup", "status", "stat", "statm", "mounts", "cgroup"].compactMap {
      ProcText.bytes("/proc/self/\($0)")
    }
    var mutator = Mutator(
      seed: 41, words: ["kB", "VmHWM:", "-", "r-xp", "(", ")", "00000000", "ffffffffffffffff"])
    for round in 0..<Mutator.rounds {
      let bytes = mutator.damaged(seeds[round % seeds.count], with: seeds)
      for region in ProcessMaps.parse(bytes, pid: 1) { #expect(region.length > 0) }
      _ = ProcessMaps.files(bytes)
      _ = ProcessMaps.firstAddress(of: "libc.so.6", in: bytes)
      _ = ProcText.kibibytes("VmHWM", in: bytes)
      _ = ProcText.count("oom_kill", in: bytes)
      _ = ProcText.secondNumber(in: bytes[...])
      let table = MappedFileTable(bytes)
      _ = table.file(at: .max)
      _ = table.isMapped(0)
      _ = Preloads.parse(bytes)
    }
  }

  @Test func `costs that valgrind counted`() {
    let seeds = [SimulationRecordings.cachegrind, SimulationRecordings.callgrind].map(Self.bytes)
    var mutator = Mutator(
      seed: 42, words: ["fn=(1)", "cfn=", "calls=", "ob=(2) x", "events: Ir", "summary:", "+1", "*"])
    for round in 0..<Mutator.rounds {
      let text = Self.text(mutator.damaged(seeds[round % 2], with: seeds))
      if let file = try? CachegrindFile(parsing: text) { _ = file.subtracting(file) }
      if let file = try? CallgrindFile(parsing: text) { _ = AllocatorShares(file, code: AllocatorCode()) }
    }
  }

  @Test func `answers of probes and of allocators`() {
    let seeds = [
      "\u{1}heapscale\tmallctl opt.narenas\tok\t4\n",
      "{\"jemalloc\":{\"opt\":{\"narenas\":1,\"tcache\":true},\"arenas\":{\"x\":\"y\"}}}",
      "glibc.malloc.arena_max: 0x0 (min: 0x1, max: 0xffffffffffffffff)\n",
    ].map(Self.bytes)
    var mutator = Mutator(seed: 43, words: ["ok", "no", "\t", "opt", "mallctl "])
    for round in 0..<Mutator.rounds {
      let text = Self.text(mutator.damaged(seeds[round % seeds.count], with: seeds))
      _ = AuditTexts.readings(text)
      _ = AuditTexts.lines(text)
      _ = AuditTexts.tunables(text)
      _ = AuditTexts.jemallocOptions(text)
    }
  }

  @Test func `formats of events in sysfs and tracefs`() {
    let seeds = [
      "name: sys_enter_mmap\nID: 101\nformat:\n\tfield:unsigned long addr;\toffset:16;\tsize:8;\tsigned:0;\n",
      "0-3,8,10-11", "0-7,32-33",
    ].map(Self.bytes)
    var mutator = Mutator(seed: 44, words: ["offset:", "size:", ";", "field:"])
    let raw = [UInt8](repeating: 7, count: 40)
    for round in 0..<Mutator.rounds {
      let text = Self.text(mutator.damaged(seeds[round % seeds.count], with: seeds))
      _ = TracepointFormat(text: text)?.value("addr", in: raw)
      #expect(CPUList.parse(text).count <= 1 << 20)
      _ = EventTerms.scatter(.max, into: text[...])
    }
  }
}
