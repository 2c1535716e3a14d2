import Foundation
import Model
import Targets
import Testing

@testable import Experiments

/// One triple of allocator, setting and value, with what the real allocator must make of it.
struct AuditCase: Sendable {
  let variant: String
  let variable: String
  let value: String
  let verdict: SettingVerdict

  init(_ variant: String, _ variable: String, _ value: String, _ verdict: SettingVerdict) {
    self.variant = variant
    self.variable = variable
    self.value = value
    self.verdict = verdict
  }

  static func tunable(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/dynamic", "GLIBC_TUNABLES", "glibc.malloc.\(name)=\(value)", verdict)
  }

  static func conf(_ text: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/dynamic/jemalloc", "MALLOC_CONF", text, verdict)
  }

  static func tcmalloc(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/dynamic/tcmalloc", name, value, verdict)
  }

  static func minimal(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/static/tcmalloc-minimal", name, value, verdict)
  }

  static func mimalloc2(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/preload/mimalloc", "MIMALLOC_\(name)", value, verdict)
  }

  static func mimalloc3(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/preload/mimalloc3", "MIMALLOC_\(name)", value, verdict)
  }

  static func go(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("none/static", name, value, verdict)
  }

  static func scudo(_ text: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/preload/scudo", "SCUDO_OPTIONS", text, verdict)
  }

  static func tbb(_ name: String, _ value: String, _ verdict: SettingVerdict) -> AuditCase {
    AuditCase("glibc/preload/tbbmalloc", name, value, verdict)
  }
}

private let cases: [AuditCase] = [
  // glibc: what ld.so parses is not what malloc makes of it.
  .tunable("arena_max", "1", .accepted), .tunable("arena_max", "0", .rejectedValue),
  .tunable("arena_max", "abc", .rejectedValue), .tunable("arena_max", "", .rejectedValue),
  .tunable("arena_max", "0x0", .rejectedValue), .tunable("arena_max", "0x2", .accepted),
  .tunable("arena_test", "4", .unverifiable), .tunable("mmap_threshold", "1M", .misparsed),
  .tunable("mmap_threshold", "abc", .misparsed), .tunable("mmap_threshold", "65536", .accepted),
  .tunable("mmap_threshold", "131072", .accepted),  // the default too stops it from growing
  .tunable("mmap_max", "0", .accepted), .tunable("mmap_max", "-1", .rejectedValue),
  .tunable("trim_threshold", "-1", .accepted), .tunable("trim_threshold", "1000000", .accepted),
  .tunable("top_pad", "65536", .accepted), .tunable("top_pad", "1M", .misparsed),
  .tunable("perturb", "165", .accepted), .tunable("perturb", "300", .rejectedValue),
  .tunable("perturb", "165xyz", .misparsed), .tunable("tcache_count", "100", .accepted),
  .tunable("tcache_count", "0", .accepted), .tunable("tcache_count", "7", .alreadyDefault),
  .tunable("tcache_count", "65536", .rejectedValue), .tunable("tcache_count", "999999", .rejectedValue),
  .tunable("tcache_max", "2048", .rejectedValue), .tunable("tcache_max", "64", .accepted),
  .tunable("mxfast", "0", .accepted), .tunable("mxfast", "1000", .rejectedValue),
  .tunable("hugetlb", "7", .acceptedNoEffect), .tunable("check", "3", .acceptedNoEffect),
  .tunable("mmap_treshold", "1", .rejectedUnknown),
  AuditCase("glibc/dynamic", "MALLOC_ARENA_MAX", "2", .accepted),
  AuditCase("glibc/static", "MALLOC_ARENA_MAX", "2", .accepted),
  AuditCase("glibc/static", "MALLOC_MMAP_THRESHOLD_", "1M", .misparsed),
  AuditCase("glibc/dynamic", "MALLOC_MMAP_THRESHOLD", "1048576", .inert),
  AuditCase("glibc/dynamic", "MALLOC_CONF", "narenas:1", .inert),
  AuditCase("musl/static", "MALLOC_ARENA_MAX", "1", .inert),
  AuditCase("musl/static", "MALLOC_CONF", "narenas:1", .inert),
  // jemalloc
  .conf("narenas:1", .accepted), .conf("narenas:0", .rejectedValue), .conf("narenas:abc", .rejectedValue),
  .conf("narenas:-1", .acceptedClamped), .conf("narenas:010", .misparsed),
  .conf("narenas:5000", .acceptedClamped), .conf("narenas:4294967297", .misparsed),
  .conf("dirty_decay_ms:10000", .alreadyDefault),
  .conf("dirty_decay_ms:-1", .accepted), .conf("background_thread:true", .accepted),
  .conf("background_thread:1", .rejectedValue), .conf("background_thread:TRUE", .rejectedValue),
  .conf("max_background_threads:0", .acceptedClamped),
  .conf("max_background_threads:100000", .acceptedClamped),
  .conf("tcache_max:999999999", .acceptedClamped), .conf("lg_tcache_max:40", .acceptedClamped),
  .conf("lg_tcache_max:16", .accepted), .conf("junk:yes", .rejectedValue),
  .conf("lg_chunk:20", .rejectedUnknown),
  .conf("narenas:1,narenas:2", .acceptedNoEffect), .conf("purge:decay", .rejectedUnknown),
  .conf("xmalloc:true", .rejectedUnknown), .conf("m:a", .misparsed),
  .conf("d:primary", .misparsed), .conf("thp:n", .misparsed), .conf("thp:never", .accepted),
  .conf("lg_prof_sample:99", .acceptedClamped), .conf("prof_leak_error:true", .acceptedNoEffect),
  AuditCase("glibc/static/jemalloc", "MALLOC_CONF", "narenas:1", .accepted),
  AuditCase("glibc/dynamic/jemalloc", "GLIBC_TUNABLES", "glibc.malloc.arena_max=1", .inert),
  // TCMalloc
  .tcmalloc("TCMALLOC_RELEASE_RATE", "10", .accepted), .tcmalloc("TCMALLOC_RELEASE_RATE", "abc", .misparsed),
  .tcmalloc("TCMALLOC_RELEASE_RATE", "", .misparsed),
  .tcmalloc("TCMALLOC_RELEASE_RATE", "1.0", .alreadyDefault),
  .tcmalloc("TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES", "1", .acceptedClamped),
  .tcmalloc("TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES", "64M", .misparsed),
  .tcmalloc("TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES", "99999999999999", .acceptedClamped),
  .tcmalloc("TCMALLOC_AGGRESSIVE_DECOMMIT", "1", .accepted),
  .tcmalloc("TCMALLOC_AGGRESSIVE_DECOMMIT", "on", .misparsed),
  .tcmalloc("TCMALLOC_AGGRESSIVE_DECOMMIT", "", .misparsed),
  .tcmalloc("TCMALLOC_HEAP_LIMIT_MB", "5000000000", .misparsed),
  .tcmalloc("TCMALLOC_SAMPLE_PARAMETER", "524288", .accepted),
  .tcmalloc("TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD", "1000", .acceptedNoEffect),
  .tcmalloc("TCMALLOC_TRANSFER_NUM_OBJ", "2", .unverifiable), .tcmalloc("TCMALLOC_FOO", "1", .inert),
  .tcmalloc("MALLOC_CONF", "narenas:1", .inert), .tcmalloc("MALLOCSTATS", "1", .accepted),
  .tcmalloc("HEAPCHECK", "bogus", .fatal), .tcmalloc("CPUPROFILE", "/nonexistent/profile", .inert),
  .minimal("TCMALLOC_RELEASE_RATE", "0", .accepted), .minimal("TCMALLOC_AGGRESSIVE_DECOMMIT", "t", .accepted),
  .minimal("TCMALLOC_SAMPLE_PARAMETER", "524288", .inert), .minimal("HEAPPROFILE", "/tmp/x", .inert),
  AuditCase("glibc/preload/tcmalloc-minimal", "TCMALLOC_SAMPLE_PARAMETER", "524288", .inert),
  AuditCase("glibc/preload/tcmalloc-minimal", "HEAPCHECK", "normal", .inert),
  // mimalloc 2 and 3 share names of variables, not settings.
  .mimalloc2("DECOMMIT_DELAY", "0", .accepted), .mimalloc2("DECOMMIT_DELAY", "", .misparsed),
  .mimalloc2("DECOMMIT_DELAY", "abc", .rejectedValue), .mimalloc2("DECOMMIT_DELAY", "25", .alreadyDefault),
  .mimalloc2("PURGE_DELAY", "0", .rejectedUnknown), .mimalloc2("ALLOW_DECOMMIT", "0", .accepted),
  .mimalloc2("RESERVE_OS_MEMORY", "64", .misparsed), .mimalloc2("RESERVE_OS_MEMORY", "64X", .rejectedValue),
  .mimalloc3("PURGE_DELAY", "0", .accepted), .mimalloc3("PURGE_DELAY", "", .misparsed),
  .mimalloc3("DECOMMIT_DELAY", "0", .rejectedUnknown), .mimalloc3("SEGMENT_CACHE", "1", .rejectedUnknown),
  .mimalloc3("ALLOW_THP", "0", .accepted), .mimalloc3("ARENA_RESERVE", "64X", .rejectedValue),
  .mimalloc3("ARENA_RESERVE", "64MiB", .accepted), .mimalloc3("MINIMAL_PURGE_SIZE", "4", .misparsed),
  // Go, without malloc and beside it
  .go("GODEBUG", "madvdontneed=1", .alreadyDefault), .go("GODEBUG", "madvdontneed=0", .accepted),
  .go("GODEBUG", "MADVDONTNEED=0", .rejectedUnknown), .go("GODEBUG", "gctrace=abc", .rejectedValue),
  .go("GODEBUG", "gctrace=1", .accepted), .go("GODEBUG", "allocfreetrace=1", .rejectedUnknown),
  .go("GODEBUG", "profstackdepth=5000", .acceptedClamped), .go("GODEBUG", "cgocheck=2", .fatal),
  .go("GODEBUG", "asynctimerchan=1", .fatal), .go("GOGC", "50", .accepted),
  .go("GOGC", "100", .alreadyDefault),
  .go("GOGC", "off", .accepted), .go("GOGC", "abc", .rejectedValue), .go("GOGC", "-5", .misparsed),
  .go("GOMEMLIMIT", "64MiB", .accepted), .go("GOMEMLIMIT", "64MB", .fatal), .go("GOMAXPROCS", "1", .accepted),
  .go("GOMAXPROCS", "0", .rejectedValue), .go("GOEXPERIMENT", "bogus", .inert),
  .go("LD_PRELOAD", "libjemalloc.so.2", .inert), .go("MALLOC_CONF", "narenas:1", .inert),
  AuditCase("glibc/dynamic/tcmalloc/cgo", "MALLOC_CONF", "narenas:1", .inert),
  AuditCase("glibc/dynamic/tcmalloc/cgo", "GODEBUG", "madvdontneed=1", .alreadyDefault),
  AuditCase("glibc/dynamic/jemalloc/cgo", "MALLOC_CONF", "lg_chunk:20", .rejectedUnknown),
  AuditCase("glibc/preload/jemalloc/cgo", "MALLOC_CONF", "narenas:1", .accepted),
  // Scudo
  .scudo("release_to_os_interval_ms=abc", .fatal), .scudo("zero_contents=maybe", .fatal),
  .scudo("zero_contents=on", .fatal), .scudo("zero_contents=1", .unverifiable),
  .scudo("foo=1", .rejectedUnknown),
  // tbbmalloc
  .tbb("TBB_MALLOC_USE_HUGE_PAGES", "1", .accepted),
  .tbb("TBB_MALLOC_USE_HUGE_PAGES", "true", .rejectedValue),
  .tbb("TBB_MALLOC_USE_HUGE_PAGES", "2", .rejectedValue), .tbb("TBB_VERSION", "1", .accepted),
  .tbb("TBB_MALLOC_SET_HUGE_SIZE_THRESHOLD", "1", .unverifiable),
]

@Suite struct SettingsAuditTests {
  @Test func `what the catalogue says of certain values is what is seen`() async throws {
    let bench = try AuditBench()
    var wrong: [String] = []
    for allocator in bench.catalogue.allocators {
      guard let variant = allocator.variants.first(where: { $0.libc != .musl }) else { continue }
      for spec in allocator.settings.settings {
        for pitfall in spec.pitfalls {
          guard let value = pitfall.value, let verdict = pitfall.verdict else { continue }
          let text = spec.assignment(value).value
          guard let record = try await bench.audit("\(variant)", spec.variable, text) else { continue }
          let entry = try #require(record.entries.first)
          if entry.verdict != verdict {
            wrong.append(
              "\(variant) \(spec.name)=\(value): \(entry.verdict.rawValue), not \(verdict.rawValue)")
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test func `the catalogue's pitfalls are what the real allocators do`() async throws {
    let bench = try AuditBench()
    var wrong: [String] = []
    for item in cases {
      guard let record = try await bench.audit(item.variant, item.variable, item.value) else { continue }
      let entry = try #require(record.entries.first)
      if entry.verdict != item.verdict {
        wrong.append(
          "\(item.variant) \(item.variable)=\(item.value): \(entry.verdict.rawValue) instead of "
            + "\(item.verdict.rawValue) (\(entry.evidence))")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(cases.count):\n\(wrong.joined(separator: "\n"))")
    #expect(cases.count >= 60)
  }
}

/// Audits with the real toolchain and the real allocators.
struct AuditBench {
  let catalogue: Catalogue
  let builder: Builder
  let environment = ProcessInfo.processInfo.environment

  init() throws {
    let folder = try DataFolder.locate(environment: environment, executable: #filePath)
    catalogue = try Catalogue.load(from: folder)
    builder = Builder(folder: folder, catalogue: catalogue, environment: environment)
  }

  /// The audit of one setting; nil, and said, where the variant is not installed.
  func audit(_ variantText: String, _ variable: String, _ value: String) async throws -> AuditRecord? {
    try await audit(
      .workload(id: "probe", parameters: []), variantText,
      [EnvironmentAssignment(variable: variable, value: value)])
  }

  /// The audit of a set; nil, and said, where the variant is not installed.
  func audit(
    _ subject: Subject, _ variantText: String, _ environment: [EnvironmentAssignment]
  ) async throws -> AuditRecord? {
    let variant = try Variant(parsing: variantText)
    if case .missing(let reason) = await builder.availability(of: variant) {
      print("skipped \(variant): \(reason)")
      return nil
    }
    let set = SettingsSet(name: "one", environment: environment)
    let plan = Plan(
      title: "test", subjects: [subject], variants: [variant], settings: [set],
      reference: variant, trials: 1, warmupBlocks: 0, seed: 1, sampling: Sampling(), limits: Limits())
    let audit = SettingsAudit(
      catalogue: catalogue, builder: builder, environment: self.environment,
      helperPath: try await builder.launcher())
    return try await audit.audit(plan.cells, plan: plan).first
  }
}
