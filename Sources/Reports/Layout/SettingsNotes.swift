import Model
import OrderedCollections

/// What the settings changed: by workload and variant one line for each set, or for sets that say the same.
struct SettingsNotes {
  private struct Place: Hashable {
    let subject: Subject
    let variant: Variant
  }

  private let cells: [CellResult]
  private let metrics: [MetricDefinition]
  private let bases: [Place: CellResult]

  /// Prepares the cells of a session; `metrics` are those to be named, in order.
  init(_ cells: [CellResult], metrics: [MetricDefinition]) {
    self.cells = cells.filter { $0.cell.settings.name != SettingsSet.none.name }
    self.metrics = metrics
    let defaults = cells.filter { $0.cell.settings.name == SettingsSet.none.name }
    bases = Dictionary(
      defaults.map { (SettingsNotes.place($0), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// One note a workload or arm, with its variants below; a last one about chance.
  var notes: [NoteSection.Note] {
    let subjects = OrderedDictionary(grouping: cells) { $0.cell.subject }
    let names = SubjectNames(cells.map(\.cell.subject))
    let notes = subjects.map { subject, cells in
      NoteSection.Note(lead: names.name(of: subject), text: "", lines: lines(cells))
    }
    return notes.filter { !$0.lines.isEmpty } + chance
  }

  /// Whether some change is shown with its interval, which a legend then explains.
  var showsIntervals: Bool { intervals > 0 }

  private func lines(_ cells: [CellResult]) -> [NoteSection.Line] {
    OrderedDictionary(grouping: cells, by: \.cell.variant).flatMap { variant, cells in
      let findings = cells.compactMap { cell in
        finding(cell).map { (name: cell.cell.settings.name, sentence: $0.sentence) }
      }
      let sentences = OrderedDictionary(grouping: findings, by: \.sentence)
      let lines = sentences.map { sentence, findings in
        (name: findings.map(\.name).joined(separator: ", "), sentence: sentence)
      }
      // One line is enough where there is one thing to say.
      if let only = lines.first, lines.count == 1 {
        let text = "\(variant.shortName) with \(only.name): \(only.sentence)"
        return [NoteSection.Line(depth: 1, text: text)]
      }
      let head = lines.isEmpty ? [] : [NoteSection.Line(depth: 1, text: "\(variant.shortName):")]
      return head + lines.map { NoteSection.Line(depth: 2, code: $0.name, text: $0.sentence) }
    }
  }

  private func finding(_ cell: CellResult) -> SettingsFinding? {
    bases[SettingsNotes.place(cell)].map { SettingsFinding(cell, base: $0, metrics: metrics) }
  }

  private var intervals: Int { cells.compactMap(finding).reduce(0) { $0 + $1.intervals } }

  /// Intervals are not widened for their number, which a reader of many of them must know.
  private var chance: [NoteSection.Note] {
    guard intervals >= 20 else { return [] }
    let byChance = Int(nearest: Double(intervals) / 20)
    let text = "if nothing changed, about \(byChance) of the \(intervals) intervals would still lie beside 0"
    return [NoteSection.Note(lead: "chance", text: text)]
  }

  private static func place(_ cell: CellResult) -> Place {
    Place(subject: cell.cell.subject, variant: cell.cell.variant)
  }
}
