import Model

/// The libc report in the width of a terminal.
struct LibcTerminal {
  let report: LibcReport
  let session: Session
  let options: ReportOptions

  private var paint: Paint { Paint(isOn: options.colour) }

  /// More sentences than these nobody reads before a table.
  private static let mostSentences = 10

  /// Head, effects, sizes and notes.
  var lines: [String] {
    let facts = SessionFacts.items(session).map(Visible.text)
    return [
      paint("\(Visible.text(session.plan.title)): libc, linkage and allocator apart", .heading)
    ]
      + Wrap.items(facts, separator: " · ", width: options.width).map { paint($0, .faint) }
      + report.effects.flatMap(effect) + sizes + sections.flatMap(section)
  }

  private func wrapped(_ text: String, lead: String = "", hang: Int = 2) -> [String] {
    Wrap.lines(Visible.text(text), width: options.width, lead: lead, hang: hang)
  }

  private func effect(_ effect: FactorEffect) -> [String] {
    let head = ["", paint(effect.factor.heading, .heading)] + wrapped(effect.factor.explanation, hang: 0)
    guard let comparison = effect.comparison else {
      return head
        + wrapped("  Not measured: heapscale run … \(effect.factor.remedy)", hang: 2).map {
          paint($0, .faint)
        }
    }
    let means = comparison.sentences.filter { $0.hasPrefix("Over ") }
    let told = (means.isEmpty ? comparison.sentences : means).prefix(LibcTerminal.mostSentences)
    let tables = effect.pairs.flatMap { pair in
      table(LibcTable(pair, of: effect, metrics: report.metrics))
    }
    return head + told.flatMap { wrapped($0, lead: "- ") } + tables
      + comparison.warnings.flatMap { wrapped($0, lead: "! ") }
  }

  // MARK: - Tables

  private func table(_ table: LibcTable) -> [String] {
    var count = table.metrics.count
    var shown = rows(table)
    while count > 1, shown.text.contains(where: { DisplayWidth.of($0) + 2 > options.width }) {
      count -= 1
      shown = rows(table.limited(to: count))
    }
    let title = "\(table.pair.candidateName) against \(table.pair.baselineName)"
    let hidden = table.metrics.dropFirst(count).map(\.title).joined(separator: ", ")
    return ["", "  " + paint(Visible.text(title), .heading)]
      + table.pair.confounds.flatMap { wrapped($0, lead: "  besides: ", hang: 4) }.map { paint($0, .doubt) }
      + zip(shown.text, shown.roles).map { paint("  " + $0, $1) }
      + (hidden.isEmpty ? [] : [paint("  no room for \(hidden): a wider terminal, or --markdown", .faint)])
  }

  private func rows(_ table: LibcTable) -> (text: [String], roles: [Paint.Role]) {
    var cells = [["workload"] + table.metrics.map { $0.title }]
    var roles = [Paint.Role.faint]
    for row in table.rows {
      cells.append([Visible.text(row.label)] + row.judgements.map { ShortChange.text($0?.effect) })
      roles.append(.plain)
    }
    for mean in table.means {
      let name = mean.place.isEmpty ? "geometric mean" : "mean \(Visible.text(mean.place))"
      cells.append([name] + mean.effects.map(ShortChange.text))
      cells.append(["95 % interval"] + mean.effects.map(ShortChange.interval))
      roles += [.heading, .faint]
    }
    let right = Set(1...max(1, table.metrics.count))
    return (AlignedText.lines(cells, right: right), roles)
  }

  private var sizes: [String] {
    let sizes = LibcSizes(report, session: session)
    guard !sizes.rows.isEmpty else { return [] }
    let rows = AlignedText.lines(
      [LibcSizes.titles] + sizes.rows.map { LibcSizes.cells($0).map(Visible.text) }, right: [1, 2, 4])
    return ["", paint("Size of the programs", .heading)]
      + rows.enumerated().map { "  " + ($0.offset == 0 ? paint($0.element, .faint) : $0.element) }
  }

  // MARK: - Notes

  private var sections: [NoteSection] { LibcNotes(report: report, session: session).sections }

  private func section(_ section: NoteSection) -> [String] {
    [""] + NoteText.lines(section, width: options.width, paint: paint)
  }
}

/// What stands under the tables of every form of the report.
struct LibcNotes {
  let report: LibcReport
  let session: Session

  /// How to read it, the columns, sizes and noise.
  var sections: [NoteSection] {
    [
      NoteSection(title: "How to read it", notes: legend),
      NoteSection(
        title: "Columns",
        notes: report.metrics.map {
          .init(lead: $0.title + ($0.better == .lower ? " ↓" : " ↑"), text: $0.explanation)
        }),
      NoteSection(title: "About sizes", notes: LibcSizes(report, session: session).notes),
      NoteSection(
        title: "Not measured",
        notes: session.skipped.map { .init(lead: $0.variant.shortName, text: $0.reason) }),
      NoteSection(title: "Noise of the machine", notes: report.noise.map { .init(lead: "", text: $0) }),
    ].filter { !$0.notes.isEmpty }
  }

  private var legend: [NoteSection.Note] {
    [
      .init(
        lead: "−38 %", text: "change of the candidate against the baseline, from trials paired by block"),
      .init(lead: "(−2 %)", text: "its 95 % interval holds no change: nothing was shown"),
      .init(lead: "−2 %?", text: "too few trials, or no common blocks, for an interval"),
      .init(lead: "=", text: "the same in every trial"),
      .init(lead: "—", text: "one side has no value, or nothing is a share of 0"),
      .init(
        lead: "mean",
        text:
          "geometric mean of the ratios over the workloads, each with the same weight; it speaks of these "
          + "workloads, not of all there could be"),
    ]
  }
}
