import Model

/// What became of settings, for programs.
enum AuditJSON {
  /// One object for each setting, in the order of the set.
  static func entries(_ entries: [SettingAudit]) -> JSONText {
    .array(
      entries.map { entry in
        .object(fields(entry))
      })
  }

  /// `outcome` stands only where it says more than the verdict.
  private static func fields(_ entry: SettingAudit) -> [(String, JSONText)] {
    let outcome = entry.outcome.map { [("outcome", JSONText.string($0))] } ?? []
    return [
      ("variable", .string(entry.variable)),
      ("key", .optional(entry.key)),
      ("value", .string(entry.value)),
      ("verdict", .string(entry.verdict.rawValue)),
      ("evidence", .string(entry.evidence)),
      ("readback", .optional(entry.readback)),
      ("baseline", .optional(entry.baseline)),
    ] + outcome
  }

  /// Whole audits, with the variant, the settings and the program they are about.
  static func document(_ records: [AuditRecord]) -> JSONText {
    let audits = records.map { record in
      let sources = (record.sources ?? []).map(JSONText.string)
      return JSONText.object(
        [
          ("variant", .string(record.variant.description)),
          ("settings", .string(record.settings)),
          ("arm", .optional(record.arm)),
          ("process", .string(record.process)),
          ("audit", entries(record.entries)),
        ] + (sources.isEmpty ? [] : [("sources", .array(sources))]))
    }
    return .object([("schema", .string("heapscale-audit/1")), ("audits", .array(audits))])
  }
}
