import Model
import OrderedCollections

/// Everything under a table: how to read it, proof of what ran, failures, what is missing.
struct TableNotes {
  let result: SessionResult
  let table: ComparisonTable
  /// How the format marks the best figure, in words.
  let bestMark: String
  /// Whether the format had room for the intervals.
  let showsSpreads: Bool

  /// The sections that have something to say, in order.
  var sections: [NoteSection] {
    [
      NoteSection(title: "How to read it", notes: legend),
      NoteSection(title: "Columns", notes: columns),
      NoteSection(title: "Settings", notes: settings),
      NoteSection(title: "Which allocator served malloc", notes: IdentityNotes(result.cells).notes),
      NoteSection(title: "Trials that failed or were odd", notes: FailureNotes(result.cells).notes),
      NoteSection(title: "Not measured", notes: skipped + leftOut),
      NoteSection(title: "Notes", notes: result.notes.map { NoteSection.Note(lead: "", text: $0) }),
    ].filter { !$0.notes.isEmpty }
  }

  private var legend: [NoteSection.Note] {
    let figures = table.figures
    let rows = table.groups.flatMap(\.rows)
    let reference = result.session.plan.reference.shortName
    let isArms = table.labelTitles.contains("arm")
    let same = isArms ? "of the first arm, same settings" : "on the same workload with the same settings"
    let marks: [(isUsed: Bool, lead: String, text: String)] = [
      (!figures.isEmpty, "figure", "median over the trials that ended ok"),
      (
        showsSpreads && figures.contains { $0.spread != nil }, "±",
        "half width of its 95 % interval, the wider side, in % of the median"
      ),
      (showsSpreads && figures.contains { $0.spread == nil }, "±∞", "too few trials for an interval"),
      (figures.contains { $0.ratio != nil }, "×", "ratio to \(reference) \(same)"),
      (!table.columns.isEmpty, "↓ ↑", "lower is better, higher is better"),
      (figures.contains(where: \.isBest), bestMark, "best of its column within the workload"),
      (
        figures.contains { $0.provenance == .sampled }, "~",
        "sampled: what happened between two readings was not seen; figures without a mark were counted"
      ),
      (figures.contains { $0.provenance == .simulated }, "sim", "counted in a simulated machine"),
      (rows.contains { !$0.isVerified }, "?", "nothing proves that this allocator served malloc; see below"),
      (rows.contains(where: \.isPartial), "!", "some trials failed; figures are those of the others"),
    ]
    return marks.filter(\.isUsed).map { NoteSection.Note(lead: $0.lead, text: $0.text) }
      + table.footnotes.all.map { NoteSection.Note(lead: $0.mark, text: $0.text) }
  }

  private var columns: [NoteSection.Note] {
    table.columns.map { NoteSection.Note(lead: $0.title, text: $0.explanation) }
  }

  private var settings: [NoteSection.Note] {
    let used = OrderedSet(result.cells.map(\.cell.settings))
    guard used.contains(where: { !$0.environment.isEmpty }) else { return [] }
    return used.map { set in
      NoteSection.Note(
        lead: set.name, text: set.environment.isEmpty ? "every allocator as it comes" : "",
        verbatim: set.environment.map { "\($0.variable)=\($0.value)" })
    }
  }

  private var skipped: [NoteSection.Note] {
    result.session.skipped.map { skip in
      NoteSection.Note(
        lead: skip.variant.shortName + (skip.workload.map { " on \($0)" } ?? ""), text: skip.reason)
    }
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
