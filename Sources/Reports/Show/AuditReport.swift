import Model

/// What became of settings, without a run: for a terminal, and for programs.
public enum AuditReport {
  /// A table for each audit: what was asked for, the verdict, and what was read back, with the evidence
  /// below each setting.
  ///
  /// Of the options only width and colour apply. Without audits one line says so.
  public static func text(_ records: [AuditRecord], options: ReportOptions) -> String {
    guard !records.isEmpty else { return "No settings were audited.\n" }
    let tables = records.map { AuditTable(record: $0, options: options).lines.joined(separator: "\n") }
    return tables.joined(separator: "\n\n") + "\n"
  }

  /// All audits as one JSON document, schema `heapscale-audit/1`.
  ///
  ///     {"schema", "audits": [{"variant", "settings", "arm", "process",
  ///      "audit": [{"variable", "key", "value", "verdict", "outcome", "evidence", "readback", "baseline"}]}]}
  ///
  /// `arm`, `key`, `readback` and `baseline` may be null; `outcome` stands only where it says more than the verdict.
  public static func json(_ records: [AuditRecord]) -> String { AuditJSON.document(records).text() + "\n" }
}

/// The table of one audit.
struct AuditTable {
  let record: AuditRecord
  let options: ReportOptions

  /// Heading, head line, and two or more lines a setting.
  var lines: [String] {
    let rows = [["", "setting", "asked", "verdict", "read back", "baseline"]] + record.entries.map(row)
    let table = AlignedText.lines(rows.map { $0.map(Visible.text) }, right: [])
    let body = zip(record.entries, table.dropFirst()).flatMap { entry, line in
      [paint("  " + line, role(entry.verdict))] + evidence(entry)
    }
    return heading + (record.entries.isEmpty ? ["  nothing is set"] : [paint("  " + table[0], .faint)] + body)
  }

  private var paint: Paint { Paint(isOn: options.colour) }

  private var heading: [String] {
    let place = (record.arm.map { "\($0) on " } ?? "") + record.variant.shortName
    let title = "\(place), settings \(record.settings)"
    return [paint(Visible.text(title), .heading)]
      + Wrap.lines(Visible.text(record.process), width: options.width, lead: "  answers of ", hang: 4)
      .map { paint($0, .faint) } + sources
  }

  private var sources: [String] {
    (record.sources ?? []).flatMap {
      Wrap.lines(Visible.text($0), width: options.width, lead: "  also in force: ", hang: 4)
    }
  }

  private func row(_ entry: SettingAudit) -> [String] {
    [
      entry.verdict.sign, entry.name, entry.value, entry.verdictWords, entry.readback ?? "—",
      entry.baseline ?? "—",
    ]
  }

  private func evidence(_ entry: SettingAudit) -> [String] {
    guard !entry.evidence.isEmpty else { return [] }
    return Wrap.lines(Visible.text(entry.evidence), width: options.width, lead: "     ", hang: 5)
  }

  private func role(_ verdict: SettingVerdict) -> Paint.Role {
    if verdict.isGrave { return .failure }
    return verdict.failsStrict ? .doubt : .plain
  }
}
