import Model
import OrderedCollections

/// Trials that did not end `ok` or were odd, with what they said; the same on several workloads is one line.
struct FailureNotes {
  private struct Key: Hashable {
    let variant: String
    let settings: String
    let outcomes: [OutcomeCount]
    let messages: [String]
  }

  private let failures: OrderedDictionary<Key, [CellResult]>
  private let namesSettings: Bool

  /// Picks the cells in which something failed or was odd.
  init(_ cells: [CellResult]) {
    namesSettings = cells.contains { !$0.cell.settings.environment.isEmpty }
    failures = OrderedDictionary(
      grouping: cells.filter { $0.okCount < $0.trialCount || !$0.messages.isEmpty }
    ) {
      Key(
        variant: $0.variantName, settings: $0.cell.settings.name, outcomes: $0.outcomes,
        messages: $0.messages)
    }
  }

  /// The lines.
  var notes: [NoteSection.Note] {
    failures.map { key, cells in
      let subjects = OrderedSet(cells.map { $0.cell.subject.arm ?? $0.cell.subject.workload })
      let total = key.outcomes.reduce(0) { $0 + $1.count }
      let outcomes = key.outcomes.filter { $0.outcome != .ok }
        .map { "\($0.outcome.longName) in \($0.count) of \(total) trials" }
      return NoteSection.Note(
        lead: key.variant + (namesSettings ? " \(key.settings)" : ""),
        text:
          "on \(subjects.joined(separator: ", ")): \(outcomes.isEmpty ? "ok" : outcomes.joined(separator: ", "))"
          + (key.messages.isEmpty ? "" : ":"),
        verbatim: key.messages)
    }
  }
}
