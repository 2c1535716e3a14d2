import Foundation
import Model
import Testing

@testable import Reports

@Suite struct SettingsTests {
  private static func text(
    _ result: SessionResult = SampleSettings.result, _ options: ReportOptions = ReportOptions(width: 200)
  ) throws -> String {
    try TerminalReport().render(result, options: options)
  }

  private static func cell(_ settings: String, _ allocator: AllocatorID) throws -> CellResult {
    try #require(
      SampleSettings.result.cells.first {
        $0.cell.settings.name == settings && $0.cell.variant.allocator == allocator
      })
  }

  private static func sentence(
    _ effects: [Effect?], audit: [SettingAudit] = [], failed: Bool = false
  ) throws -> String {
    var cell = try cell("tight", "jemalloc")
    cell.audit = audit
    if failed { cell.outcomes = [OutcomeCount(outcome: .timeOut, count: 8)] }
    let ids: [MetricID] = ["peak_resident", "retained_resident", "cpu"]
    for (id, effect) in zip(ids, effects) {
      let index = try #require(cell.metrics.firstIndex { $0.definition.id == id })
      cell.metrics[index].settingsEffect = effect
    }
    let metrics = SampleMetrics.all.filter { ids.prefix(effects.count).contains($0.id) }
    let base = try SettingsTests.cell("default", "jemalloc")
    // The spaces of a change do not break.
    return SettingsFinding(cell, base: base, metrics: metrics).sentence.replacing("\u{A0}", with: " ")
  }

  private static let less = Effect(change: -0.384, low: -0.41, high: -0.35, pairs: 8)
  private static let none = Effect(change: 0.01, low: -0.02, high: 0.03, pairs: 8)
  private static let unsure = Effect(change: 0.04, low: nil, high: nil, pairs: 5)

  @Test func `measurable changes come first, then what did not change, then what cannot be told`() throws {
    // Metrics stand in the order of the registry: CPU first.
    #expect(
      try SettingsTests.sentence([SettingsTests.none, SettingsTests.less, SettingsTests.unsure])
        == "retained RSS −38 % [−41, −35]; no measurable effect on peak RSS; "
        + "too few trials to tell (CPU +4.0 %)")
  }

  @Test func `where nothing changed the sentence names no metric`() throws {
    #expect(try SettingsTests.sentence([SettingsTests.none, SettingsTests.none]) == "no measurable effect")
  }

  @Test func `a doubt travels with the change`() throws {
    var doubtful = SettingsTests.less
    doubtful.note = "some values are 0"
    #expect(
      try SettingsTests.sentence([doubtful]) == "peak RSS −38 % [−41, −35] (some values are 0)")
  }

  @Test func `a change although no setting acts says so`() throws {
    let inert = try SettingsTests.cell("tight", "glibc").audit
    #expect(
      try SettingsTests.sentence([SettingsTests.less], audit: inert)
        == "peak RSS −38 % [−41, −35], which contradicts the audit that no setting acts: a fault of the audit, unless it is chance"
    )
    let mixed = try SettingsTests.cell("tight", "jemalloc").audit
    #expect(!(try SettingsTests.sentence([SettingsTests.less], audit: mixed)).contains("although"))
    #expect(try SettingsTests.sentence([SettingsTests.none], audit: inert) == "no measurable effect")
  }

  @Test func `without figures on one side the sentence says why`() throws {
    #expect(try SettingsTests.sentence([SettingsTests.less], failed: true) == "no figures: time-out 8/8")
    #expect(
      SettingsFinding(
        try SettingsTests.cell("tight", "jemalloc"), base: try SettingsTests.cell("fatal", "jemalloc"),
        metrics: SampleMetrics.all
      ).sentence == "no figures of the default to compare with: signal-6 8/8")
    #expect(try SettingsTests.sentence([]) == "no metric has values on both sides")
  }

  @Test func `from zero throughout to something there is no share, but both values`() throws {
    let options = ReportOptions(metrics: ["faults_minor"], width: 200)
    #expect(try SettingsTests.text(SampleSettings.result, options).contains("minor faults 0 → 90.0k"))
    let few = SampleSettings.result(trials: 4)
    #expect(
      try SettingsTests.text(few, options).contains("too few trials to tell (minor faults 0 → 90.0k)"))
  }

  @Test func `metrics without room for a column are named all the same`() throws {
    let narrow = try SettingsTests.text(SampleSettings.result, ReportOptions(width: 80))
    #expect(narrow.contains("--metrics cpu,wall") && narrow.contains("wall ×31"))
  }

  @Test func `many intervals come with how many miss by chance, few do not`() throws {
    #expect(try SettingsTests.text().contains("about 3 of the 56 intervals would still lie beside 0"))
    let options = ReportOptions(metrics: ["cpu"], width: 200)
    #expect(!(try SettingsTests.text(SampleSettings.result, options)).contains("still lie"))
  }

  @Test func `without settings nothing is said about them`() throws {
    let text = try SettingsTests.text(SampleSettings.result(settings: [.none]))
    #expect(!text.contains("settings changed") && !text.contains("\nSettings") && !text.contains("% [ ]"))
  }

  @Test func `signs are explained where they are used`() throws {
    let two = SampleSettings.result(settings: Array(SampleSettings.sets.prefix(2)))
    let text = try SettingsTests.text(two)
    #expect(text.contains("tight ✓✗") && text.contains("tight ∅∅"))
    for sign in ["✓", "✗", "∅"] { #expect(text.contains("setting \(sign)  ")) }
    for sign in ["=", "~", "·"] { #expect(!text.contains("setting \(sign)  ")) }
  }

  @Test func `every verdict has a sign that the legend explains`() {
    let explained = SettingVerdict.signMeanings.map(\.sign)
    #expect(Set(SettingVerdict.allCases.map(\.sign)) == Set(explained))
    #expect(Set(SettingVerdict.allCases.map(\.words)).count == SettingVerdict.allCases.count)
  }

  @Test func `a session of versions without audit shows its settings as before`() throws {
    var old = SampleSettings.result
    for index in old.cells.indices { old.cells[index].audit = [] }
    let text = try SettingsTests.text(old)
    #expect(text.contains("  tight    MALLOC_CONF=dirty_decay_ms:0,lg_chunk:20\n  purge"))
    #expect(!text.contains("setting ") && !text.contains("→"))
  }

  @Test func `variants with the same outcome share it`() throws {
    let text = try SettingsTests.text()
    #expect(text.ranges(of: "lg_chunk=20 → inert").count == 1)
    #expect(text.contains("    glibc/dynamic, glibc/dynamic/tcmalloc:\n"))
    let alike = SampleSettings.result(variants: [SampleSettings.glibc, SampleSettings.tcmalloc])
    #expect(try SettingsTests.text(alike).contains("    every variant:\n"))
  }

  @Test func `what may do harm is red in a terminal and bold in Markdown`() throws {
    let options = ReportOptions(width: 200, colour: true)
    let coloured = try SettingsTests.text(SampleSettings.result, options).split(separator: "\n")
    let red = coloured.filter { $0.contains("→") && $0.hasPrefix("\u{1b}[31m") }
    #expect(red.count == 2 && red[0].contains("misparsed: 1M was read as 1 byte"))
    #expect(coloured.contains { $0.contains("\u{1b}[31mmmap ✗") })
    let markdown = try MarkdownReport().render(SampleSettings.result, options: options)
    #expect(markdown.contains("→ **misparsed**: 1M") && markdown.contains("→ **fatal**: the program"))
  }

  @Test func `foreign text in audits cannot act, and JSON gives it back as it was`() throws {
    let records = HostileSession.result.session.audits
    let text = AuditReport.text(records, options: ReportOptions())
    #expect(!text.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) })
    #expect(text.ranges(of: "\\u{1b}[2J").count == 3)
    let json = AuditReport.json(records)
    #expect(!json.contains("<script") && !json.contains("\u{1b}"))
    struct Document: Decodable { let audits: [Audit] }
    struct Audit: Decodable { let audit: [SettingAudit] }
    let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
    #expect(document.audits.map(\.audit) == [HostileSession.audit])
    let markdown = try MarkdownReport().render(HostileSession.result, options: ReportOptions())
    #expect(!markdown.split(separator: "`").enumerated().contains { $0 % 2 == 0 && $1.contains("<script") })
  }

  @Test func `without audits or settings the report says so`() {
    #expect(AuditReport.text([], options: ReportOptions()) == "No settings were audited.\n")
    let empty = AuditRecord(variant: SampleSettings.glibc, settings: "none", process: "a probe", entries: [])
    #expect(AuditReport.text([empty], options: ReportOptions()).hasSuffix("  nothing is set\n"))
  }

  @Test func `the legend says what ratios refer to`() throws {
    let sets = Array(SampleSettings.sets.prefix(2))
    let same = try SettingsTests.text(SampleSettings.result(settings: sets))
    #expect(same.contains("ratio to glibc/dynamic on the same workload with the same settings\n"))
    let limited = try SettingsTests.text()
    #expect(limited.contains("with the same settings, or with none where it does not run with them\n"))
    let single = SampleSettings.result(variants: [SampleSettings.jemalloc], settings: sets)
    let text = try SettingsTests.text(single)
    #expect(text.contains("ratio to glibc/preload/jemalloc on the same workload without settings\n"))
    #expect(single.cells[1].metric("retained_resident")?.ratioToReference ?? 1 < 0.4)
  }

  @Test func `Go's own metrics become columns where all programs tell them`() throws {
    var result = SampleSettings.result
    #expect(MetricChoice.standard(for: result) == MetricChoice.standard)
    let definitions = MetricChoice.goStandard.map {
      MetricDefinition(id: $0, title: "\($0)", explanation: "", unit: .ratio, better: .lower)
    }
    for index in result.cells.indices {
      result.cells[index].metrics += definitions.map { SampleCells.figure($0, [0.5], .sampled) }
    }
    let expected: [MetricID] = [
      "peak_resident", "retained_resident", "go_heap_inuse", "go_gc_cpu", "overhead",
    ]
    #expect(Array(MetricChoice.standard(for: result).prefix(5)) == expected)
    let last = result.cells[0].metrics.count - 1
    result.cells[0].metrics[last] = SampleCells.none(definitions[1], because: "not a Go program")
    #expect(MetricChoice.standard(for: result) == MetricChoice.standard)
  }
}
