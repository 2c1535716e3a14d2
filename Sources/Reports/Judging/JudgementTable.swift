import Model
import OrderedCollections

/// What a table of judgements says, before a format decides how it looks: by verdict, then by what is compared where.
struct JudgementTable {
  /// Judgements of one kind.
  struct Group {
    let kind: VerdictGroup
    let pairs: [Pair]

    /// How many judgements it has.
    var count: Int { pairs.reduce(0) { $0 + $1.rows.count } }
  }

  /// Judgements of one kind between the same two cells.
  struct Pair {
    /// What is compared where.
    let title: String
    let trials: String
    let rows: [Row]
  }

  /// One judgement.
  struct Row {
    let metric: String
    let baseline: String
    let candidate: String
    let change: String
    /// The marks of footnotes with doubts.
    let marks: String
    let tolerated: String
    let detects: String
    let remarks: String
  }

  private struct Key: Hashable {
    let title: String
    let trials: String
    let baseline: Cell
    let candidate: Cell
  }

  /// The groups that have judgements.
  let groups: [Group]
  /// Doubts by mark.
  let footnotes: Footnotes

  /// Lays judgements out.
  init(_ judgements: [Judgement]) {
    var footnotes = Footnotes()
    var groups: [Group] = []
    for kind in VerdictGroup.allCases {
      let members = judgements.filter { VerdictGroup($0) == kind }.map(JudgementText.init)
      guard !members.isEmpty else { continue }
      let pairs = OrderedDictionary(grouping: members, by: JudgementTable.key).map { key, texts in
        Pair(
          title: key.title, trials: key.trials,
          rows: texts.map { JudgementTable.row($0, footnotes: &footnotes) })
      }
      groups.append(Group(kind: kind, pairs: pairs))
    }
    self.groups = groups
    self.footnotes = footnotes
  }

  private static func key(_ text: JudgementText) -> Key {
    let judgement = text.judgement
    return Key(
      title: text.pair, trials: text.trials, baseline: judgement.baseline.cell,
      candidate: judgement.candidate.cell)
  }

  private static func row(_ text: JudgementText, footnotes: inout Footnotes) -> Row {
    var marks = ""
    for note in text.notes { marks += footnotes.mark(note) }
    return Row(
      metric: text.metric, baseline: text.baseline, candidate: text.candidate, change: text.change,
      marks: marks, tolerated: text.tolerated, detects: text.detects,
      remarks: text.remarks.joined(separator: "; "))
  }
}
