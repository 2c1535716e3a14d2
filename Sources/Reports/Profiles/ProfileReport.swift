import Model

/// The call sites of a profile, largest first, each with its callers. A call site is the innermost place outside the
/// allocator.
public enum ProfileReport {
  /// For a terminal: a table of call sites with their callers below, as a short `perf report --stdio`.
  ///
  /// `column` decides the order, the first one when nil; without `sites`, at most ten are shown and those below 0.5 %
  /// are summed up. Of the options width and colour apply.
  /// Throws: `ReportError.unknownColumn`.
  public static func text(
    _ profile: StackProfile, column: String? = nil, sites: Int? = nil, options: ReportOptions
  ) throws(ReportError) -> String {
    let choice = try ProfileChoice(profile, first: column)
    let paint = Paint(isOn: options.colour)
    var lines = [paint(Visible.text(profile.title), .heading)]
    lines += Wrap.items(choice.facts.map(Visible.text), separator: " · ", width: options.width - 2)
      .map { paint($0, .faint) }
    lines += SiteTable(profile, choice: choice, most: sites, options: options).lines
    lines += notes(profile).flatMap {
      [""] + NoteText.lines($0, width: options.width, paint: paint)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// In GitHub's Markdown: a table of call sites with the chain of their largest callers.
  ///
  /// Throws: `ReportError.unknownColumn`.
  public static func markdown(_ profile: StackProfile, column: String? = nil, sites: Int = 10)
    throws(ReportError) -> String
  {
    let choice = try ProfileChoice(profile, first: column)
    let list = CallSites(profile, choice: choice)
    let titles = choice.columns.map { MarkdownText.prose(profile.columns[$0].name) }
    var lines = [
      "## " + MarkdownText.prose(profile.title), "",
      choice.facts.map(MarkdownText.prose).joined(separator: " · "), "",
      MarkdownNotes.row(["call site", "share"] + titles + ["called by"]),
      MarkdownNotes.row([":--", "--:"] + titles.map { _ in "--:" } + [":--"]),
    ]
    for site in list.sites.prefix(sites) {
      let figures = choice.columns.map { MarkdownText.prose(choice.text(site.values[$0], $0)) }
      let callers = site.stack.dropFirst().prefix(6).map { MarkdownText.code($0.function, inTable: true) }
      lines.append(
        MarkdownNotes.row(
          [MarkdownText.code(site.frame.words, inTable: true), site.share ?? "—"] + figures
            + [callers.joined(separator: " ← ")]))
    }
    lines += notes(profile).flatMap(MarkdownNotes.lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for each call site and column, with the stack of its largest part.
  ///
  /// RFC 4180 with a head line; values in base units.
  public static func csv(_ profile: StackProfile) throws(ReportError) -> String {
    let choice = try ProfileChoice(profile, first: nil)
    var text = CSVText.record(
      [
        "rank", "function", "object", "source_file", "line", "role", "column", "unit", "provenance", "value",
        "total", "stack",
      ].map(CSVText.Field.text))
    for (rank, site) in CallSites(profile, choice: choice).sites.enumerated() {
      let stack = site.stack.map(\.function).joined(separator: " < ")
      for (index, column) in profile.columns.enumerated() {
        text += CSVText.record([
          .count(rank + 1), .text(site.frame.function), .text(site.frame.object),
          .text(site.frame.sourceFile ?? ""), .number(site.frame.line.map { Double($0) }),
          .text(site.frame.role.rawValue), .text(column.name), .text(column.unit.rawValue),
          .text(column.provenance.rawValue), .number(finite(site.values[index])),
          .number(finite(choice.totals[index])),
          .text(stack),
        ])
      }
    }
    return text
  }

  /// A field stays empty where the value is no number.
  private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  /// What the columns mean, and what is doubtful.
  static func notes(_ profile: StackProfile) -> [NoteSection] {
    let meanings = profile.columns.map { NoteSection.Note(lead: $0.name, text: $0.explanation) }
    let doubts = profile.notes.map { NoteSection.Note(lead: "", text: $0) }
    return [NoteSection(title: "Columns", notes: meanings), NoteSection(title: "Notes", notes: doubts)]
      .filter { !$0.notes.isEmpty }
  }
}
