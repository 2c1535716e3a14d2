import Model

/// Everything under a table: how to read it, proof of what ran, failures, what is missing.
struct TableNotes {
  let result: SessionResult
  let table: ComparisonTable
  /// The metrics that were asked for, also those that did not fit as columns.
  let metrics: [MetricDefinition]
  /// How the format marks the best figure, in words.
  let bestMark: String
  /// Whether the format had room for the intervals.
  let showsSpreads: Bool

  /// The sections that have something to say, in order.
  var sections: [NoteSection] {
    [
      NoteSection(title: "What the settings changed", notes: changes.notes),
      NoteSection(title: "How to read it", notes: legend),
      NoteSection(title: "Columns", notes: columns),
      NoteSection(title: "Settings", notes: AuditNotes(result.cells).notes),
      NoteSection(title: "Which allocator served malloc", notes: IdentityNotes(result.cells).notes),
      NoteSection(title: "Trials that failed or were odd", notes: FailureNotes(result.cells).notes),
      NoteSection(title: "Not measured", notes: skipped + leftOut + events),
      NoteSection(title: "Notes", notes: result.notes.map { NoteSection.Note(lead: "", text: $0) }),
    ].filter { !$0.notes.isEmpty }
  }

  private var changes: SettingsNotes { SettingsNotes(result.cells, metrics: metrics) }

  private var legend: [NoteSection.Note] {
    let figures = table.figures
    let rows = table.groups.flatMap(\.rows)
    let marks: [(isUsed: Bool, lead: String, text: String)] = [
      (!figures.isEmpty, "figure", "median over the trials that ended ok"),
      (
        showsSpreads && figures.contains { $0.spread?.isEmpty == false }, "±",
        "half width of its 95 % interval, the wider side, in % of the median"
      ),
      (showsSpreads && figures.contains { $0.spread == nil }, "±∞", "too few trials for an interval"),
      (
        figures.contains(where: \.isBelowResolution), "<",
        "below what the instrument resolves: no ratio, no mark, no part in means and sentences"
      ),
      (figures.contains { $0.ratio != nil }, "×", "ratio to \(reference)"),
      (!table.columns.isEmpty, "↓ ↑", "lower is better, higher is better"),
      (
        changes.showsIntervals, "% [ ]",
        "change against the same variant without settings, trials paired by block, with its 95 % interval"
      ),
      (figures.contains(where: \.isBest), bestMark, "best of its column within the workload"),
      (
        figures.contains { $0.provenance == .sampled }, "~",
        "sampled: what happened between two readings was not seen; figures without a mark were counted"
      ),
      (figures.contains { $0.provenance == .simulated }, "sim", "counted in a simulated machine"),
      (
        rows.contains { !$0.isVerified }, "?",
        "not verified that this allocator served malloc: no ratio, no best mark; see below"
      ),
      (rows.contains(where: \.isPartial), "!", "some trials failed; figures are those of the others"),
    ]
    return marks.filter(\.isUsed).map { NoteSection.Note(lead: $0.lead, text: $0.text) } + signs
      + table.footnotes.all.map { NoteSection.Note(lead: $0.mark, text: $0.text) }
  }

  /// What a ratio refers to.
  private var reference: String {
    let plan = result.session.plan
    let name = result.cells.referenceName(plan.reference)
    let place = table.labelTitles.contains("arm") ? "of the first arm" : "on the same workload"
    switch RatioReference(cells: result.cells.map(\.cell), reference: plan.reference) {
    case .sameSettings: return "\(name) \(place) with the same settings"
    case .sameSettingsOrDefault:
      return "\(name) \(place) with the same settings, or with none where it does not run with them"
    case .defaultSettings: return "\(name) \(place) without settings"
    }
  }

  /// The signs behind the names of settings.
  private var signs: [NoteSection.Note] {
    let used = table.groups.flatMap(\.rows).map(\.signs).joined()
    return SettingVerdict.signMeanings.filter { used.contains($0.sign) }
      .map { NoteSection.Note(lead: "setting \($0.sign)", text: $0.text) }
  }

  private var columns: [NoteSection.Note] {
    table.columns.map { NoteSection.Note(lead: $0.title, text: $0.explanation) }
  }

  private var skipped: [NoteSection.Note] {
    result.session.skipped.map { skip in
      NoteSection.Note(
        lead: skip.variant.shortName + (skip.workload.map { " on \($0)" } ?? ""), text: skip.reason)
    }
  }

  /// Why memory events are no columns; nothing where they are, or where the line above has named them.
  private var events: [NoteSection.Note] {
    let asked = table.columns + table.empty.map(\.definition)
    guard !asked.contains(where: { MemoryEvents.counted.contains($0.id) }) else { return [] }
    return MemoryEvents.obstacle(in: result).map { reason in
      [NoteSection.Note(lead: "memory events", text: "not counted: \(reason)")]
    } ?? []
  }

  private var leftOut: [NoteSection.Note] {
    guard !table.empty.isEmpty else { return [] }
    let columns = table.empty.map { column in
      column.definition.title + (column.reasons.count == 1 ? " (\(column.reasons[0]))" : "")
    }
    return [
      NoteSection.Note(
        lead: "columns", text: "left out because no cell has a value: " + columns.joined(separator: "; "))
    ]
  }
}
