import Model

/// A comparison in the width of a terminal: sentences, judgements by verdict, notes.
struct JudgementPage {
  /// Right-aligned: baseline, candidate, detects.
  private static let right: Set<Int> = [2, 3, 6]
  private static let titles = ["", "metric", "baseline", "candidate", "change", "tolerated", "detects"]
  /// Sign, metric, both figures and the change always stay.
  private static let fewest = 5
  private static let longestMetric = 24

  private let result: ComparisonResult
  private let session: Session?
  private let choice: JudgementChoice
  private let table: JudgementTable
  private let options: ComparisonOptions
  private let paint: Paint
  /// Aligned lines of all rows, in the order of the table, below the head line.
  private let lines: [String]
  private let shownColumns: Int

  /// Finds the widest form that fits: what it detects goes first, then what is tolerated.
  init(result: ComparisonResult, session: Session?, options: ComparisonOptions) throws(ReportError) {
    self.result = result
    self.session = session
    self.options = options
    choice = try JudgementChoice(result, options: options)
    table = JudgementTable(choice.shown)
    paint = Paint(isOn: options.colour)
    let cells = [JudgementPage.titles] + table.groups.flatMap(JudgementPage.cells)
    var count = JudgementPage.titles.count
    var lines = AlignedText.lines(cells, right: JudgementPage.right)
    while count > JudgementPage.fewest, lines.contains(where: { DisplayWidth.of($0) + 2 > options.width }) {
      count -= 1
      lines = AlignedText.lines(cells.map { Array($0.prefix(count)) }, right: JudgementPage.right)
    }
    self.lines = lines
    shownColumns = count
  }

  /// The whole report.
  var text: String {
    let parts = head + sentences + groups + notes
    // Spaces that keep words together have done so once the lines are broken.
    return parts.map { $0.replacing("\u{A0}", with: " ").trimmingTrailingSpaces }.joined(separator: "\n")
      + "\n"
  }

  private var head: [String] {
    let facts =
      ["baseline \(result.baseline)", "candidate \(result.candidate)"]
      + (session.map(SessionFacts.items) ?? [])
    return [paint(Visible.text(result.title), .heading)]
      + Wrap.items(facts.map(Visible.text), separator: " · ", width: options.width)
      .map { paint($0, .faint) }
  }

  private var sentences: [String] {
    let found = result.sentences.map(Visible.text)
    let tally =
      choice.shown.isEmpty ? ["Nothing was compared."] : VerdictTally(choice.shown + choice.hidden).sentences
    let paragraphs = found.flatMap { Wrap.lines($0, width: options.width, hang: 2) }
    return (paragraphs.isEmpty ? [] : [""] + paragraphs) + [""]
      + tally.flatMap { Wrap.lines($0, width: options.width, hang: 2) }
  }

  private static func cells(_ group: JudgementTable.Group) -> [[String]] {
    group.pairs.flatMap(\.rows).map { row in
      let metric = DisplayWidth.truncate(Visible.text(row.metric), to: longestMetric)
      return [
        group.kind.sign, metric, row.baseline, row.candidate, row.change + row.marks, row.tolerated,
        row.detects,
      ]
    }
  }

  private var groups: [String] {
    var rest = lines.dropFirst()
    var result: [String] = []
    for group in table.groups {
      result += [
        "",
        paint("\(group.kind.title): \(group.count)", group.kind.role == .faint ? .heading : group.kind.role),
      ]
      result.append(paint("  " + lines[0], .faint))
      for pair in group.pairs {
        result += Wrap.lines(
          Visible.text("\(pair.title) (\(pair.trials))"), width: options.width, lead: "  ", hang: 4)
        for row in pair.rows {
          guard let line = rest.popFirst() else { continue }
          result += self.line(line, remarks: row.remarks, role: group.kind.role)
        }
      }
    }
    return result
  }

  /// Remarks stand behind the figures where there is room, else below them.
  private func line(_ line: String, remarks: String, role: Paint.Role) -> [String] {
    let start = "  " + line
    guard !remarks.isEmpty else { return [paint(start, role)] }
    let column = DisplayWidth.of("  " + lines[0])
    let inline = DisplayWidth.padEnd(start, to: column) + "  " + remarks
    if DisplayWidth.of(inline) <= options.width { return [paint(inline, role)] }
    return [paint(start, role)] + Wrap.lines(remarks, width: options.width, lead: "     ", hang: 5)
  }

  private var notes: [String] {
    let hidden = JudgementPage.titles.dropFirst(shownColumns).joined(separator: ", ")
    let narrow = NoteSection(
      title: "No room for", notes: [.init(lead: hidden, text: "see a wider terminal or another format")])
    let sections = ComparisonNotes(result: result, choice: choice, table: table).sections
    return ((hidden.isEmpty ? [] : [narrow]) + sections)
      .flatMap { [""] + NoteText.lines($0, width: options.width, paint: paint) }
  }
}
