import Foundation
import Model
import Targets
import Testing

@testable import Experiments

/// A set of settings as people publish it, with what the real allocators make of each of them.
struct PublicSettings: Sendable, CustomTestStringConvertible {
  /// What must become of one setting.
  struct Outcome: Sendable {
    let name: String
    let verdicts: [SettingVerdict]
    var readback: String?
    var outcome: String?
    var evidence: String?
  }

  let variant: String
  let text: [String]
  let outcomes: [Outcome]

  init(_ variant: String, _ text: String..., outcomes: [Outcome]) {
    self.init(variant, text, outcomes: outcomes)
  }

  init(_ variant: String, _ text: [String], outcomes: [Outcome]) {
    self.variant = variant
    self.text = text
    self.outcomes = outcomes
  }

  var testDescription: String { "\(variant) \(text.joined(separator: " "))" }

  var environment: [EnvironmentAssignment] {
    text.map { line in
      let sides = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return EnvironmentAssignment(variable: String(sides[0]), value: String(sides[1]))
    }
  }

  /// What is wrong with a record; empty when all is as it must be.
  func faults(of record: AuditRecord) -> [String] {
    guard record.entries.count == outcomes.count else {
      return ["\(record.entries.map(\.name)) are not \(outcomes.map(\.name))"]
    }
    return zip(record.entries, outcomes).flatMap { entry, wanted in
      var faults: [String] = []
      if entry.name != wanted.name { faults.append("\(entry.name) is not \(wanted.name)") }
      if !wanted.verdicts.contains(entry.verdict) {
        faults.append("\(entry.name): \(entry.verdict.rawValue) (\(entry.evidence))")
      }
      if let readback = wanted.readback, entry.readback != readback {
        faults.append("\(entry.name): read back \(entry.readback ?? "nothing"), not \(readback)")
      }
      if let outcome = wanted.outcome, entry.outcome != outcome {
        faults.append("\(entry.name): \(entry.outcome ?? "no outcome"), not \(outcome)")
      }
      if let evidence = wanted.evidence, !entry.evidence.contains(evidence) {
        faults.append("\(entry.name): no '\(evidence)' in: \(entry.evidence)")
      }
      return faults
    }
  }
}

extension PublicSettings.Outcome {
  fileprivate static func accepted(_ name: String, _ readback: String? = nil, _ evidence: String? = nil)
    -> Self
  {
    Self(name: name, verdicts: [.accepted], readback: readback, evidence: evidence)
  }
  fileprivate static func overridden(_ name: String, by other: String, _ readback: String? = nil) -> Self {
    Self(
      name: name, verdicts: [.acceptedNoEffect], readback: readback, outcome: "overridden by \(other)")
  }
  fileprivate static func of(_ verdicts: SettingVerdict..., name: String, _ evidence: String? = nil) -> Self {
    Self(name: name, verdicts: verdicts, evidence: evidence)
  }
}

private let jemalloc = "glibc/dynamic/jemalloc"
private let tunables = "GLIBC_TUNABLES glibc.malloc."

private let sets: [PublicSettings] = [
  PublicSettings(
    jemalloc, "MALLOC_CONF=narenas:4,dirty_decay_ms:1000, muzzy_decay_ms:500",
    outcomes: [
      .accepted("MALLOC_CONF narenas", "4"), .accepted("MALLOC_CONF dirty_decay_ms", "1000"),
      .of(.rejectedValue, .rejectedUnknown, name: "MALLOC_CONF  muzzy_decay_ms"),
    ]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=narenas:4, dirty_decay_ms:1000,muzzy_decay_ms:500",
    outcomes: [
      .accepted("MALLOC_CONF narenas", "4"),
      .of(.rejectedValue, .rejectedUnknown, name: "MALLOC_CONF  dirty_decay_ms"),
      .of(.rejectedValue, name: "MALLOC_CONF muzzy_decay_ms", "alone it is accepted"),
    ]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=narenas:4,,dirty_decay_ms:1000",
    outcomes: [
      .accepted("MALLOC_CONF narenas", "4"),
      .of(.rejectedValue, name: "MALLOC_CONF dirty_decay_ms", "the list ends at a mistake"),
    ]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=percpu_arena:percpu,narenas:1",
    outcomes: [
      .accepted("MALLOC_CONF percpu_arena"), .overridden("MALLOC_CONF narenas", by: "percpu_arena"),
    ]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=narenas:4,bogus:1,dirty_decay_ms:1000",
    outcomes: [
      .accepted("MALLOC_CONF narenas", "4"), .of(.rejectedUnknown, name: "MALLOC_CONF bogus"),
      .accepted("MALLOC_CONF dirty_decay_ms", "1000"),
    ]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=narenas_ratio:4",
    outcomes: [.of(.alreadyDefault, name: "MALLOC_CONF narenas_ratio")]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=lg_tcache_max:16,tcache_max:4096",
    outcomes: [
      .overridden("MALLOC_CONF lg_tcache_max", by: "tcache_max", "4096"),
      .accepted("MALLOC_CONF tcache_max", "4096"),
    ]),
  PublicSettings(
    jemalloc, "MALLOC_CONF=narenas:1,narenas:abc",
    outcomes: [.accepted("MALLOC_CONF narenas", "1"), .of(.rejectedValue, name: "MALLOC_CONF narenas")]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_TRIM_THRESHOLD_=131072",
    outcomes: [.accepted("MALLOC_TRIM_THRESHOLD_", nil, "fixed; was growing")]),
  PublicSettings(
    "glibc/dynamic", "GLIBC_TUNABLES=glibc.malloc.trim_threshold=131072",
    outcomes: [.accepted("\(tunables)trim_threshold", nil, "fixed; was growing")]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_TOP_PAD_=131072",
    outcomes: [.accepted("MALLOC_TOP_PAD_", nil, "fixed; was growing")]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_MMAP_MAX_=65536",
    outcomes: [.accepted("MALLOC_MMAP_MAX_", nil, "fixed; was growing")]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_MMAP_THRESHOLD_=131072",
    outcomes: [.accepted("MALLOC_MMAP_THRESHOLD_", nil, "fixed; was growing")]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_TRIM_THRESHOLD_=2000000000", outcomes: [.accepted("MALLOC_TRIM_THRESHOLD_")]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_ARENA_MAX=2", "GLIBC_TUNABLES=glibc.malloc.arena_max=4",
    outcomes: [
      .overridden("MALLOC_ARENA_MAX", by: "\(tunables)arena_max", "4"),
      .accepted("\(tunables)arena_max", "4"),
    ]),
  PublicSettings(
    "glibc/dynamic", "MALLOC_ARENA_MAX=1000",
    outcomes: [.accepted("MALLOC_ARENA_MAX", nil, "the probe ends at")]),
  PublicSettings(
    "glibc/dynamic", "GLIBC_TUNABLES=glibc.malloc.tcache_max=1020",
    outcomes: [.accepted("\(tunables)tcache_max", "1020, class 1032")]),
  PublicSettings(
    "glibc/dynamic", "GLIBC_TUNABLES=glibc.malloc.tcache_max=1032",
    outcomes: [.of(.alreadyDefault, name: "\(tunables)tcache_max")]),
  PublicSettings(
    "glibc/dynamic", "GLIBC_TUNABLES=glibc.malloc.mxfast=100",
    outcomes: [.accepted("\(tunables)mxfast", "100, class 88")]),
  PublicSettings(
    "glibc/dynamic", "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0",
    outcomes: [.accepted("\(tunables)tcache_count", "0"), .accepted("\(tunables)mxfast", "0")]),
  PublicSettings(
    "glibc/preload/mimalloc", "MIMALLOC_RESERVE_OS_MEMORY=512m",
    outcomes: [.accepted("MIMALLOC_RESERVE_OS_MEMORY")]),
  PublicSettings(
    "glibc/preload/mimalloc", "MIMALLOC_RESERVE_OS_MEMORY=1000000",
    outcomes: [.accepted("MIMALLOC_RESERVE_OS_MEMORY", nil, "rounded up to 977 KiB")]),
  PublicSettings(
    "glibc/preload/mimalloc", "MIMALLOC_VERBOSE=1", "MIMALLOC_EAGER_COMMIT_DELAY=0",
    outcomes: [.accepted("MIMALLOC_VERBOSE", "1"), .accepted("MIMALLOC_EAGER_COMMIT_DELAY", "0")]),
  PublicSettings(
    "glibc/preload/mimalloc", "MIMALLOC_VERBOSE=0", "MIMALLOC_EAGER_COMMIT_DELAY=0",
    outcomes: [
      .of(.alreadyDefault, name: "MIMALLOC_VERBOSE"), .accepted("MIMALLOC_EAGER_COMMIT_DELAY", "0"),
    ]),
  PublicSettings(
    "glibc/preload/mimalloc", "MIMALLOC_RESET_DELAY=0", "MIMALLOC_DECOMMIT_DELAY=50",
    outcomes: [
      .overridden("MIMALLOC_RESET_DELAY", by: "MIMALLOC_DECOMMIT_DELAY"),
      .accepted("MIMALLOC_DECOMMIT_DELAY", "50"),
    ]),
  PublicSettings(
    "glibc/dynamic", "LD_PRELOAD=libjemalloc.so.2", "MALLOC_CONF=narenas:2,dirty_decay_ms:1000",
    "MALLOC_ARENA_MAX=2",
    outcomes: [
      .accepted("LD_PRELOAD"), .accepted("MALLOC_CONF narenas", "2"),
      .accepted("MALLOC_CONF dirty_decay_ms", "1000"), .of(.inert, name: "MALLOC_ARENA_MAX"),
    ]),
  PublicSettings(
    "glibc/preload/mimalloc", "LD_PRELOAD=libjemalloc.so.2", "MALLOC_CONF=narenas:2",
    outcomes: [
      .overridden("LD_PRELOAD", by: "the variant's preload"), .of(.inert, name: "MALLOC_CONF narenas"),
    ]),
]

@Suite struct PublicSettingsTests {
  @Test(arguments: sets) func `settings as people publish them get the right verdict`(
    _ settings: PublicSettings
  ) async throws {
    let bench = try AuditBench()
    let subject = Subject.workload(id: "probe", parameters: [])
    guard let record = try await bench.audit(subject, settings.variant, settings.environment) else { return }
    let faults = settings.faults(of: record)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func `a number of arenas for each core is explained by the cores`() async throws {
    let bench = try AuditBench()
    let subject = Subject.workload(id: "probe", parameters: [])
    let assignment = EnvironmentAssignment(variable: "MALLOC_CONF", value: "narenas_ratio:1")
    guard let entry = try await bench.audit(subject, jemalloc, [assignment])?.entries.first else { return }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    guard cores > 1 else { return }  // with one core there is one arena whatever is asked for
    #expect(entry.verdict == .accepted && entry.readback == "\(cores)", "\(entry)")
  }
}
