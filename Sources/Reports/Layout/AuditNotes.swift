import Model
import OrderedCollections

/// The settings sets of a session, and below each what became of it: variants with one outcome share it.
struct AuditNotes {
  private let cells: [CellResult]
  private let showsArms: Bool

  /// Prepares the cells of a session.
  init(_ cells: [CellResult]) {
    self.cells = cells
    showsArms = Set(cells.compactMap(\.cell.subject.arm)).count > 1
  }

  /// One note a set; none where nothing was set.
  var notes: [NoteSection.Note] {
    let used = OrderedSet(cells.map(\.cell.settings))
    guard used.contains(where: { !$0.environment.isEmpty }) else { return [] }
    return used.map { set in
      NoteSection.Note(
        lead: set.name, text: set.environment.isEmpty ? "every allocator as it comes" : "",
        verbatim: set.environment.map { "\($0.variable)=\($0.value)" }, lines: lines(set))
    }
  }

  private func lines(_ set: SettingsSet) -> [NoteSection.Line] {
    let own = cells.filter { $0.cell.settings == set }
    let all = OrderedSet(own.map(place))
    let outcomes = OrderedDictionary(grouping: own.filter { !$0.audit.isEmpty }, by: \.audit)
    return outcomes.flatMap { entries, cells in
      let places = OrderedSet(cells.map(place))
      let isEvery = places.count == all.count && all.count > 1
      let head = isEvery ? "every variant:" : places.joined(separator: ", ") + ":"
      return [NoteSection.Line(depth: 1, text: head)] + entries.map(line)
    }
  }

  private func place(_ cell: CellResult) -> String {
    let arm = showsArms ? cell.cell.subject.arm.map { "\($0) on " } : nil
    return (arm ?? "") + cell.cell.variant.shortName
  }

  private func line(_ entry: SettingAudit) -> NoteSection.Line {
    let evidence = entry.evidence.isEmpty ? "" : ": \(entry.evidence)"
    let words = entry.verdictWords
    return NoteSection.Line(
      depth: 2, code: entry.request, joint: " →", alarm: entry.verdict.isGrave ? words : "",
      text: (entry.verdict.isGrave ? "" : words) + evidence)
  }
}
