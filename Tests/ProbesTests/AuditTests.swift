import Model
import Testing

@testable import Probes

private func spec(
  _ type: SettingType, range: SettingRange = .init(), clamped: SettingRange = .init(),
  shownAs: SettingType? = nil,
  pitfalls: [SettingPitfall] = []
) -> SettingSpec {
  SettingSpec(
    variable: "V", type: type, range: range, clamped: clamped, shownAs: shownAs, defaultValue: "x",
    effect: "",
    pitfalls: pitfalls)
}

private func verdict(
  _ asked: String, shown: String, baseline: String, _ spec: SettingSpec, _ parsing: SettingParsing = .strict,
  _ readBack: SettingReadBack = .mallctl("opt.x")
) -> SettingVerdict {
  SettingComparison(
    spec: spec, parsing: parsing, readBack: readBack, asked: asked, shown: shown, baseline: baseline
  ).verdict.0
}

@Suite struct SettingComparisonTests {
  @Test func `numbers are read as strtol reads them`() {
    let cases: [(String, Int64)] = [
      ("12", 12), ("1M", 1), ("abc", 0), ("", 0), ("0x10", 16), ("010", 8), (" -5x", -5), ("08", 0),
      ("99999999999999999999", .max),
    ]
    for (text, number) in cases { #expect(CNumber.leading(text) == number, "\(text)") }
    #expect(CNumber.isPlain("10") && CNumber.isPlain("-1") && CNumber.isPlain("0"))
    for text in ["010", "1M", "", "0x1", " 1"] { #expect(!CNumber.isPlain(text), "\(text)") }
  }

  @Test func `a person's value is compared with what is shown in its unit`() {
    #expect(verdict("64MiB", shown: "67108864", baseline: "0", spec(.bytes)) == .accepted)
    #expect(verdict("64MiB", shown: "65536 KiB", baseline: "0 KiB", spec(.bytes)) == .accepted)
    #expect(verdict("64KiB", shown: "64", baseline: "0", spec(.bytes, shownAs: .kibibytes)) == .accepted)
    #expect(verdict("16", shown: "65536", baseline: "32768", spec(.log2, shownAs: .bytes)) == .accepted)
    #expect(verdict("off", shown: "18446744073709551615", baseline: "100", spec(.integer)) == .accepted)
    #expect(verdict("true", shown: "1", baseline: "0", spec(.boolean)) == .accepted)
    #expect(verdict("0.3", shown: "0.299988", baseline: "0.25", spec(.real)) == .accepted)
    #expect(verdict("7", shown: "7", baseline: "7", spec(.integer)) == .alreadyDefault)
  }

  @Test func `a value that changes on its way is clamped, misparsed or refused`() {
    #expect(verdict("9", shown: "4", baseline: "2", spec(.integer)) == .acceptedClamped)
    #expect(verdict("1M", shown: "1", baseline: "131072", spec(.bytes), .lenient) == .misparsed)
    #expect(verdict("abc", shown: "0", baseline: "5", spec(.integer), .lenient) == .misparsed)
    #expect(verdict("abc", shown: "5", baseline: "5", spec(.integer)) == .rejectedValue)
    #expect(verdict("0", shown: "16", baseline: "16", spec(.integer)) == .rejectedValue)
    #expect(verdict("5000000000", shown: "705032704", baseline: "0", spec(.integer)) == .misparsed)
    #expect(verdict("on", shown: "0", baseline: "0", spec(.boolean), .lenient) == .misparsed)
    #expect(verdict("on", shown: "0", baseline: "0", spec(.boolean), .strict) == .rejectedValue)
    #expect(verdict("n", shown: "never", baseline: "default", spec(.choice)) == .misparsed)
    let limited = spec(.integer, clamped: SettingRange(maximum: 4094))
    #expect(verdict("5000", shown: "5000", baseline: "8", limited) == .acceptedClamped)
  }

  @Test func `the catalogue refines what was seen and never overrules it`() {
    let known = spec(.integer, pitfalls: [SettingPitfall("octal", value: "5", verdict: .misparsed)])
    #expect(verdict("5", shown: "9", baseline: "1", known) == .misparsed)
    #expect(verdict("5", shown: "5", baseline: "1", known) == .accepted)
  }

  @Test func `what watching finds may lie a little beside what was asked`() {
    let threshold = SettingReadBack.probe(.mmapThreshold)
    #expect(
      verdict("65536", shown: "65513, fixed", baseline: "131049, growing", spec(.bytes), .lenient, threshold)
        == .accepted)
    #expect(
      verdict(
        "131072", shown: "131049, fixed", baseline: "131049, growing", spec(.bytes), .lenient, threshold)
        == .accepted)
    let trim = SettingReadBack.probe(.trim)
    #expect(
      verdict("-1", shown: "never up to 67108864", baseline: "131072", spec(.bytes), .lenient, trim)
        == .accepted)
    let count = spec(.integer, range: SettingRange(minimum: 0))
    #expect(
      verdict("-1", shown: "at least 14", baseline: "at least 14", count, .lenient, .probe(.mmapCount))
        == .rejectedValue)
  }

  @Test func `a value in force that is dangerous is called so however it was written`() {
    let spec = spec(
      .bytes, pitfalls: [SettingPitfall("every malloc becomes an mmap", read: SettingRange(maximum: 4096))])
    for (shown, expected) in [("1, fixed", "every malloc becomes an mmap"), ("65513, fixed", nil)] {
      let comparison = SettingComparison(
        spec: spec, parsing: .lenient, readBack: .probe(.mmapThreshold), asked: "2M", shown: shown,
        baseline: "131049, growing")
      #expect(comparison.consequence == expected)
    }
  }
}

@Suite struct AuditTextTests {
  @Test func `answers are told from everything else that a program prints`() {
    let readings = AuditTexts.readings(
      "hello\nheapscale-probe\tmallctl opt.narenas\tok\t8\nwarnheapscale-probe\tprobe arenas 3\tok\t3\n"
        + "heapscale-probe\tproperty x\tnone\tno such thing\n")
    #expect(readings.answers == ["mallctl opt.narenas": "8", "probe arenas": "3"])
    #expect(readings.reasons == ["property x": "no such thing"])
    #expect(readings.output == "hello\nwarn\n")
  }

  @Test func `mimalloc's list and other words are found by what stands before them`() {
    var readings = AuditReadings()
    readings.output =
      "mimalloc: option 'purge_delay': 25\noption 'arena_reserve': 1048576 KiB\nTBBmalloc: huge pages\tnot requested"
    #expect(readings.value(.verboseOption("purge_delay")) == "25")
    #expect(readings.value(.verboseOption("arena_reserve")) == "1048576 KiB")
    #expect(readings.value(.verboseOption("delay")) == nil)
    #expect(readings.value(.output("TBBmalloc: huge pages")) == "not requested")
  }

  @Test func `ld.so's list of tunables is read as it was captured`() {
    let text = """
      glibc.rtld.nns: 0x4 (min: 0x1, max: 0x10)
      glibc.malloc.trim_threshold: 0x0 (min: 0x0, max: 0xffffffffffffffff)
      glibc.malloc.perturb: 165 (min: 0, max: 255)
      """
    let tunables = AuditTexts.tunables(text)
    #expect(tunables["glibc.malloc.perturb"] == "165" && tunables["glibc.rtld.nns"] == "0x4")
  }

  @Test func `jemalloc's statistics are found in the middle of a program's output`() {
    let text = """
      result: {"a": 1}
      {"jemalloc":{"version":"5.3.0","opt":{"narenas":1,"tcache":true,"dss":"a}\\"b","dirty_decay_ms":-1,\
      "stats_print":true,"stats_print":true},"arenas":{"narenas":2}}}
      bye }
      """
    let options = AuditTexts.jemallocOptions(text)
    #expect(options["mallctl opt.narenas"] == "1" && options["mallctl opt.tcache"] == "true")
    #expect(options["mallctl opt.dirty_decay_ms"] == "-1" && options["mallctl arenas.narenas"] == "2")
    #expect(options["mallctl opt.dss"] == "a}\"b")
    #expect(AuditTexts.jemallocOptions("{\"jemalloc\":{\"opt\":{").isEmpty)
  }

  @Test func `the first mapping of a file is where it begins`() {
    let maps = """
      00400000-00401000 r--p 00000000 fe:00 12 /bin/x
      7f0000001000-7f0000002000 r--p 00000000 fe:00 34 /lib/libtcmalloc.so.4
      7f0000002000-7f0000003000 r-xp 00001000 fe:00 34 /lib/libtcmalloc.so.4
      """
    #expect(ProcessMaps.firstAddress(of: "/lib/libtcmalloc.so.4", in: Array(maps.utf8)) == 0x7f00_0000_1000)
    #expect(ProcessMaps.firstAddress(of: "/lib/other.so", in: Array(maps.utf8)) == nil)
  }
}

@Suite struct AuditedSettingTests {
  private static let list = SettingForm.list(separator: ",", assignment: ":")
  private static func allocator(_ id: AllocatorID, _ settings: [SettingSpec], _ environment: [String])
    -> AllocatorSpec
  {
    AllocatorSpec(
      id: id, title: "", explanation: "", builds: [:],
      marks: AllocatorMarks(files: [], symbols: [], signature: []),
      environment: environment, settings: SettingTable(settings: settings))
  }
  private static let jemalloc = allocator(
    "jemalloc",
    [
      SettingSpec(
        variable: "MALLOC_CONF", key: "narenas", form: list, type: .integer, defaultValue: "8", effect: "")
    ],
    ["MALLOC_CONF"])
  private static let mimalloc = allocator(
    "mimalloc",
    [SettingSpec(variable: "MIMALLOC_PURGE_DELAY", type: .milliseconds, defaultValue: "1", effect: "")],
    ["MIMALLOC_*", "mimalloc_*"])

  private func owners(_ text: [(String, String)], present: [AllocatorSpec]) -> [String] {
    let all = AuditedSetting.all(
      in: text.map { EnvironmentAssignment(variable: $0.0, value: $0.1) }, present: present,
      others: [Self.jemalloc, Self.mimalloc].filter { other in !present.contains { $0.id == other.id } })
    return all.map { setting in
      let name = "\(setting.key ?? setting.variable)=\(setting.value) "
      switch setting.owner {
      case .known: return name + "known"
      case .unknownKey: return name + "unknown key"
      case .unknownVariable: return name + "unknown variable"
      case .foreign(let readers, _): return name + "of " + readers.map(\.id.rawValue).joined()
      case .unheardOf: return name + "unheard of"
      }
    }
  }

  @Test func `a list is taken apart, and each key finds its owner`() {
    let text = [("MALLOC_CONF", "narenas:1,lg_chunk:20,broken"), ("X", "1")]
    #expect(
      owners(text, present: [Self.jemalloc]) == [
        "narenas=1 known", "lg_chunk=20 unknown key", "broken= unknown key", "X=1 unheard of",
      ])
    #expect(
      owners(text, present: [Self.mimalloc]) == [
        "narenas=1 of jemalloc", "lg_chunk=20 of jemalloc", "broken= of jemalloc", "X=1 unheard of",
      ])
  }

  @Test func `mimalloc's names are found in any case, unknown ones by their beginning`() {
    let text = [("mimalloc_purge_delay", "0"), ("MIMALLOC_FOO", "1")]
    #expect(
      owners(text, present: [Self.mimalloc]) == [
        "mimalloc_purge_delay=0 known", "MIMALLOC_FOO=1 unknown variable",
      ])
    #expect(owners(text, present: []).allSatisfy { $0.hasSuffix("of mimalloc") })
  }
}
