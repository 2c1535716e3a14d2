import Model

/// Audits of `SampleSettings`, with a verdict of nearly every kind.
enum SampleAudits {
  static let all = jemalloc + glibc + nobodyReads

  private static let jemalloc: [AuditRecord] = [
    record(SampleSettings.jemalloc, "tight", [decay, unknown]),
    record(SampleSettings.jemalloc, "purge", [decay, muzzy]),
    record(
      SampleSettings.jemalloc, "fatal",
      [
        SettingAudit(
          variable: "MALLOC_CONF", key: "abort_conf", value: "true", verdict: .unverifiable,
          evidence: "the program ended before it could answer"),
        SettingAudit(
          variable: "MALLOC_CONF", key: "nonsense", value: "1", verdict: .fatal,
          evidence: "the program ends with SIGABRT (6) as soon as it starts"),
      ]),
  ]

  private static let glibc: [AuditRecord] = [
    record(
      SampleSettings.glibc, "mmap",
      [
        SettingAudit(
          variable: "MALLOC_MMAP_THRESHOLD_", key: nil, value: "1M", verdict: .misparsed,
          evidence: "1M was read as 1 byte: every malloc becomes an mmap "
            + "(8 of 8 blocks of 64 bytes lie in maps of their own)", readback: "1", baseline: "131072")
      ])
  ]

  private static let nobodyReads = [SampleSettings.glibc, SampleSettings.tcmalloc].flatMap { variant in
    [
      record(variant, "tight", [inert("dirty_decay_ms", "0"), inert("lg_chunk", "20")]),
      record(variant, "purge", [inert("dirty_decay_ms", "0"), inert("muzzy_decay_ms", "0")]),
    ]
  }

  private static let decay = SettingAudit(
    variable: "MALLOC_CONF", key: "dirty_decay_ms", value: "0", verdict: .accepted,
    evidence: "mallctl opt.dirty_decay_ms answers 0, without it 10000", readback: "0", baseline: "10000")

  private static let muzzy = SettingAudit(
    variable: "MALLOC_CONF", key: "muzzy_decay_ms", value: "0", verdict: .alreadyDefault,
    evidence: "mallctl opt.muzzy_decay_ms answers 0, as without it", readback: "0", baseline: "0")

  private static let unknown = SettingAudit(
    variable: "MALLOC_CONF", key: "lg_chunk", value: "20", verdict: .rejectedUnknown,
    evidence: "it says: <jemalloc>: Invalid conf pair: lg_chunk:20")

  private static func inert(_ key: String, _ value: String) -> SettingAudit {
    SettingAudit(
      variable: "MALLOC_CONF", key: key, value: value, verdict: .inert,
      evidence: "no file mapped into the process holds the name of the variable")
  }

  private static func record(
    _ variant: Variant, _ settings: String, _ entries: [SettingAudit]
  ) -> AuditRecord {
    AuditRecord(
      variant: variant, settings: settings, process: "a probe built and linked like the workloads",
      entries: entries)
  }
}
